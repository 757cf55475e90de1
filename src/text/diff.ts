/**
 * The change of a text as a unified diff with three lines of context, headed `--- a/name`, `+++ b/name`;
 * `undefined` means that there is no such file (`/dev/null`). Empty when nothing changes.
 */
export async function unifiedDiff(
  before: string | undefined,
  after: string | undefined,
  name: string,
): Promise<string> {
  if (before === after) return '';
  const { createTwoFilesPatch } = await import('diff');
  const patch = createTwoFilesPatch(
    before === undefined ? '/dev/null' : `a/${name}`,
    after === undefined ? '/dev/null' : `b/${name}`,
    before ?? '',
    after ?? '',
    undefined,
    undefined,
    { context: 3 },
  );
  const start = patch.indexOf('--- ');
  return start < 0 ? patch : patch.slice(start);
}
