import type { Console } from './console.ts';
import type { Route } from './routes.ts';
import type { Pane } from './stores/panes.ts';

/** Where a command's keys work: on every screen, on what has rows or text to move in, or in one view. */
export type Where = 'everywhere' | 'pane' | Route['kind'];

/** What a command acts on. */
export interface CommandContext<State = unknown> {
  readonly console: Console;
  readonly route: Route;
  /** What the view of the route tells by `useViewState`. */
  readonly state: State;
  /** The pane with the focus; undefined where a screen has none. */
  readonly pane: Pane | undefined;
}

/** A word after a command in the `:` palette. */
export interface CommandArgument {
  readonly name: string;
  readonly optional?: boolean;
  /** Takes all words that follow. */
  readonly rest?: boolean;
  /** What completion offers. */
  readonly choices?: (console: Console) => Promise<readonly string[]>;
}

/**
 * A line of the console's table: keys, `?` help, footer hints, the `:` palette, the `a` list and README's
 * key table all come from it.
 */
export interface Command<State = unknown> {
  /** The word of the `:` palette; unique where it works. */
  readonly id: string;
  /** A short sentence without a full stop, such as `Run the ingestion now`. */
  readonly title: string;
  /** Names as keys.ts has them; none for a command of the palette alone. */
  readonly keys: readonly string[];
  readonly where: Where;
  /** One word for the footer, which may depend on where it is; a command without one is not in it. */
  readonly hint?: string | ((context: CommandContext<State>) => string);
  /** Whether the footer has the hint now, such as on one tab alone; always when absent. */
  readonly hinted?: (context: CommandContext<State>) => boolean;
  /** The screen is there for it: the hint stays where the footer has no room for the others. */
  readonly foremost?: boolean;
  readonly arguments?: readonly CommandArgument[];
  /** Its keys give way to a view that binds one of them. */
  readonly yields?: boolean;
  /** The `:` palette doesn't offer it while nothing is typed: it only makes sense as a key. */
  readonly keyOnly?: boolean;
  /** It changes something: red, refused when read-only. Its `run` asks first. */
  readonly writes?: boolean;
  /** Why it can't act now, as a sentence; undefined when it can. */
  readonly disabled?: (context: CommandContext<State>) => string | undefined;
  /** What is thrown is told in the footer and kept in `!`. */
  readonly run: (context: CommandContext<State>, words: readonly string[]) => void | Promise<void>;
}
