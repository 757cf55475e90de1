/** One page of a longer list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Token of the next page; undefined on the last. */
  readonly next: string | undefined;
}

/**
 * A page of at most `size` items behind an opaque token. The token names the last item given, so that
 * items made or deleted meanwhile shift nothing. Undefined for a token that this list never gave.
 */
export function pageOf<Item>(
  items: readonly Item[],
  key: (item: Item) => string,
  token: string | undefined,
  size: number,
): Page<Item> | undefined {
  let start = 0;
  if (token !== undefined) {
    const match = /^(\d+):(.*)$/s.exec(Buffer.from(token, 'base64url').toString('utf8'));
    if (match === null) return undefined;
    const last = items.findIndex((item) => key(item) === match[2]);
    // The item named may be gone; its old position is then the best guess.
    start = last >= 0 ? last + 1 : Number(match[1]);
  }
  const end = start + size;
  const final = items[end - 1];
  if (end >= items.length || final === undefined) return { items: items.slice(start), next: undefined };
  return { items: items.slice(start, end), next: Buffer.from(`${end}:${key(final)}`).toString('base64url') };
}
