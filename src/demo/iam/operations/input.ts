import { optionalNumber, optionalString, requiredString, validationError } from '../../members.ts';
import { pageOf } from '../../paging.ts';
import { AwsError, type Input } from '../../service.ts';

const missing = validationError('ValidationError');

/** Refusal of a member that breaks a constraint of the model. */
export function constraint(member: string, value: unknown, rule: string): AwsError {
  return new AwsError(
    'ValidationError',
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${rule}`,
  );
}

/** IAM names its members with a small first letter in its errors. */
function reported(member: string): string {
  return member.charAt(0).toLowerCase() + member.slice(1);
}

/** A required member of any text. */
export function text(input: Input, member: string): string {
  return requiredString(input, member, () => missing(reported(member)));
}

/** A required name of a role or policy, of at most `limit` characters. */
export function name(input: Input, member: string, limit: number): string {
  const value = text(input, member);
  if (value === '') throw constraint(reported(member), value, 'Member must have length greater than or equal to 1');
  if (value.length > limit) {
    throw constraint(reported(member), value, `Member must have length less than or equal to ${limit}`);
  }
  if (!/^[\w+=,.@-]+$/.test(value)) {
    throw new AwsError(
      'ValidationError',
      `The specified value for ${reported(member)} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
    );
  }
  return value;
}

/** One page of a list with IAM's `Marker` and `MaxItems` (100 unless asked, 1000 at most). */
export function listed<Item>(
  input: Input,
  items: readonly Item[],
  key: (item: Item) => string,
): { readonly items: readonly Item[]; readonly tail: { readonly IsTruncated: boolean; readonly Marker?: string } } {
  const size = optionalNumber(input, 'MaxItems') ?? 100;
  if (!Number.isInteger(size) || size < 1) {
    throw constraint('maxItems', size, 'Member must have value greater than or equal to 1');
  }
  if (size > 1000) throw constraint('maxItems', size, 'Member must have value less than or equal to 1000');
  const page = pageOf(items, key, optionalString(input, 'Marker'), size);
  if (page === undefined) throw new AwsError('ValidationError', 'Invalid Marker.');
  return {
    items: page.items,
    tail: page.next === undefined ? { IsTruncated: false } : { IsTruncated: true, Marker: page.next },
  };
}

/** Policy documents leave IAM percent-encoded (RFC 3986), `*` and its like too. */
export function encodeDocument(document: string): string {
  return encodeURIComponent(document).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
