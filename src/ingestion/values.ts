/** A mapping of a configuration. */
export interface Mapping {
  readonly [key: string]: unknown;
}

/** The value as a mapping, or undefined when it is something else. */
export function mapping(value: unknown): Mapping | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return value as Mapping;
}

/** The value at a path of keys, or undefined when a mapping is missing on the way. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let inner = value;
  for (const key of path) {
    const here = mapping(inner);
    if (here === undefined || !Object.hasOwn(here, key)) return undefined;
    inner = here[key];
  }
  return inner;
}

/** The value as text, or undefined when it is something else. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A member for spreading: absent, rather than undefined, when there is no value. */
export function optional<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]?: Value });
}
