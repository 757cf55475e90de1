import type { Settings } from './settings.ts';

/** What may stand at a key of the file. */
export interface Field {
  /** What is wrong with a value, as `must be …`; undefined when it is right. */
  readonly problem: (value: unknown) => string | undefined;
  /** What it is for, in a few words. */
  readonly purpose: string;
  /** A line that would be right. */
  readonly example: string;
}

const flag = (value: unknown) => (typeof value === 'boolean' ? undefined : 'must be true or false');

const text = (value: unknown) =>
  typeof value === 'string' && value.trim() !== '' ? undefined : 'must be text; put a number into quotes';

const oneOf =
  (...words: string[]) =>
  (value: unknown) =>
    words.some((word) => word === value) ? undefined : `must be ${words.join(' or ')}`;

const whole = (least: number, most: number) => (value: unknown) =>
  typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
    ? undefined
    : `must be a whole number from ${least} to ${most}`;

const patterns = (value: unknown) =>
  Array.isArray(value) && value.every((item) => text(item) === undefined)
    ? undefined
    : 'must be a list of texts; put account ids into quotes';

function url(value: unknown): string | undefined {
  const parsed = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  return parsed?.protocol === 'https:' || parsed?.protocol === 'http:' ? undefined : 'must be an http or https URL';
}

/** As Secrets Manager names secrets; a token in its place, which has dots, would stand in the file. */
function secretId(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w/+=@:.-]{1,2048}$/.test(value) && !/^ey[\w-]+\.[\w-]+\./.test(value)
    ? undefined
    : 'must be the name or ARN of a secret in Secrets Manager, not the token itself';
}

/** Every key of the file, in the order of a new one. */
export const fields: Readonly<Record<keyof Settings, Field>> = {
  profile: { problem: text, purpose: 'AWS profile to start with', example: 'profile: data' },
  region: {
    problem: (value) =>
      typeof value === 'string' && /^[a-z]{2,}(?:-[a-z0-9]+)+$/.test(value) ? undefined : 'must be an AWS region',
    purpose: 'AWS region to start with',
    example: 'region: eu-west-1',
  },
  production: {
    problem: patterns,
    purpose: 'names of profiles or account ids that are production, with `*` and `?`: the first line is red there',
    example: `production: ['*-prod', '123456789012']`,
  },
  readOnly: { problem: flag, purpose: 'whether the console starts locked against writes', example: 'readOnly: true' },
  lockProduction: { problem: flag, purpose: 'whether it starts locked in production', example: 'lockProduction: true' },
  relockMinutes: {
    problem: whole(0, 1_440),
    purpose: 'minutes after which an unlocked console locks itself again; 0 never does',
    example: 'relockMinutes: 15',
  },
  ascii: { problem: flag, purpose: 'lines and marks in plain ASCII', example: 'ascii: false' },
  theme: {
    problem: oneOf('auto', 'mono'),
    purpose: "`auto` takes the terminal's colours where it has some, `mono` none",
    example: 'theme: auto',
  },
  screenReader: {
    problem: flag,
    purpose: 'the console as plain lines of what is new, for a screen reader',
    example: 'screenReader: true',
  },
  timeZone: { problem: oneOf('local', 'utc'), purpose: 'zone of the times on the screen', example: 'timeZone: utc' },
  openMetadataUrl: {
    problem: url,
    purpose: "address of the OpenMetadata server's API, for templates, checks and statuses",
    example: 'openMetadataUrl: https://openmetadata.example.com/api',
  },
  openMetadataTokenSecret: {
    problem: secretId,
    purpose: "name or ARN of the secret with that server's token, as text or as the member `jwtToken` or `token`",
    example: 'openMetadataTokenSecret: openmetadata/ingestion-bot',
  },
  refreshSeconds: {
    problem: whole(1, 3_600),
    purpose: 'seconds between two readings of what is on the screen, at least',
    example: 'refreshSeconds: 5',
  },
};

/** Whether a key may stand in the file. */
export function isField(key: string): key is keyof Settings {
  return Object.hasOwn(fields, key);
}

/** The key that a mistyped one was meant to be, as far as one is close. */
export function closestField(key: string): string | undefined {
  const wanted = key.toLowerCase().replace(/[-_]/g, '');
  const names = Object.keys(fields);
  return (
    names.find((name) => name.toLowerCase() === wanted) ??
    names
      .map((name) => ({ name, distance: distance(name.toLowerCase(), wanted) }))
      .sort((a, b) => a.distance - b.distance)
      .find((one) => one.distance <= 2)?.name
  );
}

/** Levenshtein's distance of two short texts. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
