import { expect, test } from 'vitest';
import { unifiedDiff } from '../../src/text/diff.ts';

test('nothing changed is an empty diff', async () => {
  expect(await unifiedDiff('a\n', 'a\n', 'x')).toBe('');
  expect(await unifiedDiff(undefined, undefined, 'x')).toBe('');
});

test('a new, a changed and a removed file', async () => {
  expect(await unifiedDiff(undefined, 'a\nb\n', 'dags/x.py')).toBe(
    '--- /dev/null\n+++ b/dags/x.py\n@@ -0,0 +1,2 @@\n+a\n+b\n',
  );
  expect(await unifiedDiff('a\nb\n', 'a\nc\n', 'x')).toBe('--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n');
  expect(await unifiedDiff('a\n', undefined, 'x')).toBe('--- a/x\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-a\n');
});
