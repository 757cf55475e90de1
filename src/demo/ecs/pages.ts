import { optionalNumber, optionalString } from '../members.ts';
import { pageOf } from '../paging.ts';
import type { Input } from '../service.ts';
import { invalidParameter } from './errors.ts';

/** How an operation pages: ECS's lists default to 100, ListServices to 10. */
export interface Paging {
  readonly usual: number;
  readonly most: number;
}

/**
 * One page of a list of names or ARNs, under `member`, with its `nextToken`. Throws
 * InvalidParameterException for a page size out of range or a token that this list never gave.
 */
export function page(
  input: Input,
  member: string,
  items: readonly string[],
  { usual, most }: Paging = { usual: 100, most: 100 },
): Record<string, unknown> {
  const size = optionalNumber(input, 'maxResults') ?? usual;
  if (!Number.isInteger(size) || size < 1 || size > most) {
    throw invalidParameter(`maxResults must be between 1 and ${most}.`);
  }
  const found = pageOf(items, (item) => item, optionalString(input, 'nextToken'), size);
  if (found === undefined) throw invalidParameter('Invalid token.');
  return { [member]: found.items, ...(found.next === undefined ? {} : { nextToken: found.next }) };
}
