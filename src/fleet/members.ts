/** A text member; empty where the answer had none, or something else in its place. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A text member; undefined where the answer had none. */
export function optionalText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A number member; undefined where the answer had none. */
export function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A time member in ms since the epoch; undefined where the answer had none or it can't be read. */
export function milliseconds(value: unknown): number | undefined {
  return value instanceof Date && !Number.isNaN(value.getTime()) ? value.getTime() : undefined;
}

/** A list member without its holes; empty where the answer had none. */
export function list<T>(value: readonly T[] | undefined): NonNullable<T>[] {
  return Array.isArray(value) ? value.filter((entry): entry is NonNullable<T> => entry != null) : [];
}

/** A list of texts; empty where the answer had none. */
export function texts(value: readonly string[] | undefined): string[] {
  return list(value).filter((entry) => typeof entry === 'string');
}

/** A map of texts; empty where the answer had none. */
export function textMap(value: Readonly<Record<string, string>> | undefined): Record<string, string> {
  if (value === undefined || value === null || typeof value !== 'object') return {};
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => typeof entry === 'string'));
}

/** Tags as ECS and EC2 list them, as a map. Null prototype: a tag may be called `__proto__`. */
export function tagMap(
  tags: readonly { readonly key?: string | undefined; readonly value?: string | undefined }[] | undefined,
): Record<string, string> {
  const map: Record<string, string> = Object.create(null);
  for (const tag of list(tags)) if (typeof tag.key === 'string') map[tag.key] = text(tag.value);
  return map;
}

/** What follows the last slash of an ARN, or the text itself. */
export function lastSegment(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
