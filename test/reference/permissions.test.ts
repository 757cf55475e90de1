import { expect, test } from 'vitest';
import { actionsFor, type Feature } from '../../src/reference/operations.ts';
import { featureTitles, permissionsDocument, permissionsFor } from '../../src/reference/permissions.ts';

test('docs/PERMISSIONS.md is current (write it anew with vitest -u)', async () => {
  await expect(permissionsDocument()).toMatchFileSnapshot('../../docs/PERMISSIONS.md');
});

test.each(Object.keys(featureTitles) as Feature[])('%s names each of its actions with a resource', (feature) => {
  const permissions = permissionsFor(feature);
  expect(permissions.map((permission) => permission.action)).toEqual(actionsFor(feature));
  for (const permission of permissions) expect(permission.resource).not.toBe('');
});

test('the reading policy holds no action that writes', () => {
  const json = /```json\n([\s\S]+?)\n```/.exec(permissionsDocument())?.[1] ?? '';
  const policy = JSON.parse(json) as { readonly Statement: readonly { readonly Action: readonly string[] }[] };
  const actions = policy.Statement.flatMap((statement) => statement.Action);
  expect(actions).toContain('ecs:DescribeTasks');
  expect(actions).toContain('airflow:InvokeRestApi');
  for (const action of actions) {
    if (action !== 'airflow:InvokeRestApi')
      expect(action).not.toMatch(/:(?:Run|Put|Create|Delete|Update|Stop|Tag|Pass|Register)/);
  }
});
