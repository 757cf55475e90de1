import { compareVersions } from './version.ts';

/** One requirement of a package, such as `boto3~=1.41.5` or `pydantic>=2.7,<2.12`. */
export interface PackageRequirement {
  /** Lower case, with `-` for every run of `-`, `_` and `.` (PEP 503). */
  readonly name: string;
  /** What stands in square brackets, normalised like the name. */
  readonly extras: readonly string[];
  /** Such as `~=1.41.5`; empty for any version. */
  readonly specifier: string;
}

/** Reads `name[extra]>=1,<2 ; marker`; undefined for a line of another shape, such as a URL or an option. */
export function packageRequirement(text: string): PackageRequirement | undefined {
  const bare = text
    .replace(/(^|\s)#.*$/, '')
    .replace(/(;|\s--).*$/, '')
    .trim();
  const [whole, name = '', extras = '', specifier = ''] =
    /^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?\s*\(?((?:[<>=!~][\s\w.*+!<>=~,-]*)?)\)?$/.exec(bare) ?? [];
  if (whole === undefined) return undefined;
  return {
    name: packageName(name),
    extras: extras
      .split(',')
      .map(packageName)
      .filter((extra) => extra !== ''),
    specifier: specifier.replace(/\s+/g, ''),
  };
}

/** A package's or extra's name as indexes compare it (PEP 503). */
export function packageName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[-_.]+/g, '-');
}

/**
 * Whether a released version satisfies a specifier, as PEP 440 has it for plain release numbers (no pre-releases, no
 * local versions): `==`, `==1.2.*`, `!=`, `~=`, `<`, `<=`, `>`, `>=`, separated by commas.
 */
export function satisfies(version: string, specifier: string): boolean {
  return specifier
    .split(',')
    .filter((clause) => clause !== '')
    .every((clause) => clauseHolds(version, clause));
}

/**
 * Whether some released version satisfies both specifiers. What they have in common begins at a bound of one of them, or
 * right above it. Bounds that are no plain release numbers are taken to go together.
 */
export function overlap(one: string, other: string): boolean {
  const clauses = [...one.split(','), ...other.split(',')].filter((clause) => clause !== '');
  const bounds = clauses.map((clause) => clause.replace(/^[<>=!~]+/, '').replace(/\.\*$/, ''));
  if (!bounds.every((bound) => /^\d+(\.\d+)*$/.test(bound))) return true;
  const candidates = ['0', ...bounds, ...bounds.map((bound) => `${bound}.0.1`)];
  return candidates.some((version) => satisfies(version, one) && satisfies(version, other));
}

function clauseHolds(version: string, clause: string): boolean {
  const [, operator = '', wanted = ''] = /^(===|==|!=|~=|<=|>=|<|>)(.*)$/.exec(clause) ?? [];
  const order = compareVersions(version, wanted);
  switch (operator) {
    case '==':
    case '===':
      return wanted.endsWith('.*') ? startsWith(version, wanted.slice(0, -2)) : order === 0;
    case '!=':
      return wanted.endsWith('.*') ? !startsWith(version, wanted.slice(0, -2)) : order !== 0;
    case '~=':
      return order >= 0 && startsWith(version, wanted.split('.').slice(0, -1).join('.'));
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    default:
      return true;
  }
}

function startsWith(version: string, prefix: string): boolean {
  const wanted = prefix.split('.');
  const given = version.split('.');
  return wanted.every((number, at) => Number(given[at] ?? '0') === Number(number));
}
