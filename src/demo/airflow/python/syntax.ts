/** An expression, as far as a DAG file's meaning needs it; `opaque` is anything else. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'fstring'; readonly parts: readonly (string | Expression)[] }
  | { readonly kind: 'name'; readonly name: string; readonly line: number }
  | { readonly kind: 'attribute'; readonly object: Expression; readonly name: string }
  | { readonly kind: 'subscript'; readonly object: Expression; readonly index: Expression }
  | {
      readonly kind: 'call';
      readonly callee: Expression;
      readonly positional: readonly Expression[];
      readonly keywords: readonly { readonly name: string; readonly value: Expression }[];
      readonly line: number;
    }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'dict'; readonly entries: readonly (readonly [Expression | undefined, Expression])[] }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'not'; readonly operand: Expression }
  | { readonly kind: 'negative'; readonly operand: Expression }
  | { readonly kind: 'conditional'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly kind: 'opaque' };

/** A statement of a module. */
export type Statement =
  | {
      readonly kind: 'import';
      readonly line: number;
      /** Module imported; for `from … import` with the names taken out of it. */
      readonly module: string;
      readonly names: readonly { readonly name: string; readonly as: string }[] | undefined;
      readonly as: string | undefined;
    }
  | {
      readonly kind: 'assign';
      readonly line: number;
      readonly targets: readonly Expression[];
      readonly value: Expression;
    }
  | { readonly kind: 'expression'; readonly line: number; readonly value: Expression }
  | {
      readonly kind: 'with';
      readonly line: number;
      readonly items: readonly { readonly value: Expression; readonly as: string | undefined }[];
      readonly body: readonly Statement[];
    }
  | {
      readonly kind: 'function';
      readonly line: number;
      readonly name: string;
      readonly decorators: readonly Expression[];
      readonly body: readonly Statement[];
    }
  | { readonly kind: 'class'; readonly line: number; readonly name: string }
  | {
      readonly kind: 'if';
      readonly line: number;
      readonly test: Expression;
      readonly yes: readonly Statement[];
      readonly no: readonly Statement[];
    }
  | {
      readonly kind: 'for';
      readonly line: number;
      readonly target: Expression;
      readonly over: Expression;
      readonly body: readonly Statement[];
    }
  | {
      readonly kind: 'try';
      readonly line: number;
      readonly body: readonly Statement[];
      /** Exception classes caught; empty for a bare `except`. */
      readonly handlers: readonly { readonly types: readonly string[]; readonly body: readonly Statement[] }[];
      readonly otherwise: readonly Statement[];
      readonly finally: readonly Statement[];
    }
  | { readonly kind: 'raise'; readonly line: number; readonly value: Expression }
  | { readonly kind: 'other'; readonly line: number };
