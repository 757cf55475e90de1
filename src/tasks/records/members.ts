/** An object of a document that was read, whatever it holds. */
export type Members = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list; none where there is no list. */
export function objects(value: unknown): Members[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
