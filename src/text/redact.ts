/** Stands where a secret was. */
const HIDDEN = '(hidden)';

const NAMES = 'pass(?:word|wd|phrase|code)?|pwd|secret|token|jwt|credential|authorization|cookie';
const KEYS = '(?:api|access|private|account|shared|secret|encryption|signing)[-_]?key';
const VALUE = `"[^"]*"|'[^']*'|[^\\s"',;&)}\\]]+`;

const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]+-----[\s\S]*?(?:-----END [A-Z ]+-----|$)/g, HIDDEN],
  // A JSON web token.
  [/\beyJ[\w-]{8,}\.[\w-]*(?:\.[\w-]*)?/g, HIDDEN],
  [/\b(Bearer|Basic)\s+[\w+/=.~-]{6,}/gi, `$1 ${HIDDEN}`],
  // The password of an address.
  [/\b([a-z][a-z0-9+.-]*:\/\/[^\s/@:]*:)[^\s@/]+@/gi, `$1${HIDDEN}@`],
  [new RegExp(`\\b([\\w.-]*(?:${NAMES}|${KEYS})\\w*["']?\\s*=\\s*)(?:${VALUE})`, 'gi'), `$1${HIDDEN}`],
  // With a colon only names that end so, or in quotes: `secretsmanager:eu-west-1` and `token: expired` say no secret.
  [new RegExp(`(["'][\\w.-]*(?:${NAMES}|${KEYS})\\w*["']\\s*:\\s*)(?:${VALUE})`, 'gi'), `$1${HIDDEN}`],
  [new RegExp(`\\b(\\w*(?:password|passwd|pwd|jwtToken|${KEYS}):\\s+)(?:${VALUE})`, 'gi'), `$1${HIDDEN}`],
];

/**
 * A text that is to be kept, with whatever gives itself away as a secret hidden: messages of errors quote connections
 * and requests. What is shown as it comes is not passed through here.
 */
export function redacted(text: string): string {
  return SECRETS.reduce((kept, [pattern, instead]) => kept.replace(pattern, instead), text);
}
