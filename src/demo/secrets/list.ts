import { optionalBoolean, optionalNumber, optionalString, optionalStrings, optionalStructures } from '../members.ts';
import { type Page, pageOf } from '../paging.ts';
import { AwsError, type Input } from '../service.ts';
import { constraint } from './input.ts';
import type { Secret, SecretVersion } from './service.ts';

const FILTERS: Readonly<Record<string, (secret: Secret, value: string) => boolean>> = {
  name: (secret, value) => secret.name.toLowerCase().startsWith(value.toLowerCase()),
  description: (secret, value) => words(secret.description ?? '', value),
  'tag-key': (secret, value) => [...secret.tags.keys()].some((key) => key.startsWith(value)),
  'tag-value': (secret, value) => [...secret.tags.values()].some((text) => text.startsWith(value)),
  'primary-region': () => false,
  'owning-service': () => false,
  all: (secret, value) => words([secret.name, secret.description ?? '', ...[...secret.tags].flat()].join(' '), value),
};

/** Any word that begins with the value; `all` and `description` search without regard to case. */
function words(text: string, value: string): boolean {
  return text
    .toLowerCase()
    .split(/[\s/_+=.@!-]+/)
    .some((word) => word.startsWith(value.toLowerCase()));
}

function sized<Item>(input: Input, items: readonly Item[], key: (item: Item) => string): Page<Item> {
  const size = optionalNumber(input, 'MaxResults') ?? 100;
  if (size < 1) throw constraint('maxResults', size, 'Member must have value greater than or equal to 1');
  if (size > 100) throw constraint('maxResults', size, 'Member must have value less than or equal to 100');
  const page = pageOf(items, key, optionalString(input, 'NextToken'), size);
  if (page === undefined) throw new AwsError('InvalidNextTokenException', 'The NextToken value is invalid.');
  return page;
}

/** ListSecrets: filters (all must match, any of a filter's values), order and paging. */
export function listSecrets(secrets: readonly Secret[], input: Input): Page<Secret> {
  const deleted = optionalBoolean(input, 'IncludePlannedDeletion') ?? false;
  const filters = (optionalStructures(input, 'Filters') ?? []).map((filter) => {
    const key = optionalString(filter, 'Key') ?? '';
    const matches = FILTERS[key];
    if (matches === undefined || !Object.hasOwn(FILTERS, key)) {
      throw constraint(
        'filters.1.member.key',
        key,
        `Member must satisfy enum value set: [${Object.keys(FILTERS).join(', ')}]`,
      );
    }
    const values = optionalStrings(filter, 'Values') ?? [];
    if (values.length === 0) {
      throw new AwsError('InvalidParameterException', `Invalid filter values for key: ${key}`);
    }
    return { matches, values };
  });
  const found = secrets.filter(
    (secret) =>
      (deleted || secret.deletion === undefined) &&
      filters.every(({ matches, values }) =>
        // A leading exclamation mark turns a value round.
        values.some((value) => (value.startsWith('!') ? !matches(secret, value.slice(1)) : matches(secret, value))),
      ),
  );
  const ordered = optionalString(input, 'SortOrder') === 'asc' ? [...found].reverse() : found;
  return sized(input, ordered, (secret) => secret.name);
}

/** ListSecretVersionIds: those without a stage are deprecated and only listed when asked for. */
export function listVersions(secret: Secret, input: Input): Page<SecretVersion> {
  const deprecated = optionalBoolean(input, 'IncludeDeprecated') ?? false;
  const versions = secret.versions.filter((version) => deprecated || version.stages.size > 0);
  return sized(input, versions, (version) => version.id);
}
