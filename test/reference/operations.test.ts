import { expect, test } from 'vitest';
import { accessOf, actionsFor, findOperation, operations } from '../../src/reference/operations.ts';

function restAccess(Method: string, Path: string): string {
  const operation = findOperation('mwaa', 'InvokeRestApi');
  if (operation === undefined) throw new Error('no InvokeRestApi');
  return accessOf(operation, { Name: 'data-prod', Method, Path });
}

test.each([
  ['GET', '/dags', 'read'],
  ['GET', '/dags/x/dagRuns', 'read'],
  ['POST', '/dags/~/dagRuns/list', 'read'],
  ['POST', '/dags/~/dagRuns/~/taskInstances/list', 'read'],
  ['POST', '/dags/x/dagRuns', 'write'],
  ['POST', '/dags/list/dagRuns', 'write'],
  ['POST', '/dags/x/dagRuns/list', 'write'],
  ['POST', '/dags/~/dagRuns/list/../../x', 'write'],
  ['PATCH', '/dags/x', 'write'],
  ['DELETE', '/dags/x', 'write'],
  ['get', '/dags', 'write'],
])('InvokeRestApi %s %s is a %s', (method, path, access) => {
  expect(restAccess(method, path)).toBe(access);
});

test('tokens, tasks and everything that creates, sets or removes is a write', () => {
  for (const row of operations) {
    const reads = /^(?:List|Get|Describe|Head|Filter|Simulate)/.test(row.name);
    if (row.access !== 'by-request') expect(row.access, `${row.service}.${row.name}`).toBe(reads ? 'read' : 'write');
  }
});

test('no operation stands twice, and each has an action of IAM', () => {
  const names = operations.map((row) => `${row.service}.${row.name}`);
  expect(new Set(names).size).toBe(names.length);
  for (const row of operations) {
    expect(row.actions.length).toBeGreaterThan(0);
    for (const action of row.actions) expect(action).toMatch(/^[a-z0-9]+:[A-Z][A-Za-z0-9]+$/);
    expect(row.features.length).toBeGreaterThan(0);
  }
});

test('a feature lists its actions once', () => {
  expect(actionsFor('run')).toEqual([
    'ecs:DescribeTasks',
    'ecs:DescribeTaskDefinition',
    'ecs:RunTask',
    'iam:PassRole',
    'ecs:StopTask',
    'logs:FilterLogEvents',
    'logs:GetLogEvents',
  ]);
});
