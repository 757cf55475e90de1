/**
 * Compares dotted versions number by number; a missing part counts as 0, text behind the numbers
 * (`-SNAPSHOT`, `rc1`) is ignored. Negative when `a` is the older.
 */
export function compareVersions(a: string, b: string): number {
  const left = versionNumbers(a);
  const right = versionNumbers(b);
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether a text begins like a version, such as `2.10.3`, `1.12` or `2.0.8-SNAPSHOT`. */
export function isVersion(text: string): boolean {
  return /^\d+\.\d+(\.\d+)*([-.+]?[A-Za-z][0-9A-Za-z.-]*)?$/.test(text);
}

/** The version's `major.minor`. */
export function minorLine(version: string): string {
  const [major, minor] = versionNumbers(version);
  return `${major ?? 0}.${minor ?? 0}`;
}

function versionNumbers(version: string): number[] {
  return (/^\d+(\.\d+)*/.exec(version)?.[0] ?? '0').split('.').map(Number);
}

/** A table's row for a version. */
export interface NearestRow<Row> {
  readonly row: Row;
  /** False when the table has no row for this very version, and a neighbour stands in. */
  readonly exact: boolean;
}

/**
 * The row for a version: its own, else the newest one that is older, else the oldest. So a version that came out
 * after this table was written is treated as the newest one known. Rows are ordered from old to new.
 */
export function nearestRow<Row>(
  rows: readonly Row[],
  version: string,
  versionOf: (row: Row) => string,
): NearestRow<Row> {
  const own = rows.find((row) => compareVersions(versionOf(row), version) === 0);
  const row = own ?? rows.findLast((candidate) => compareVersions(versionOf(candidate), version) < 0) ?? rows[0];
  if (row === undefined) throw new Error('a version table has no rows');
  return { row, exact: own !== undefined };
}
