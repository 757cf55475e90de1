import { describe, expect, it } from 'vitest';
import { Budgets } from '../../../src/demo/budgets.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { regionOfFile, sendJson } from './bench.ts';

function taken(budgets: Budgets, service: string, operation: string, input = {}): number {
  let count = 0;
  while (count < 1000 && budgets.take(service, operation, input)) count += 1;
  return count;
}

it('gives what a family may burst, then what it regains on the clock of the region', () => {
  const clock = new HandClock(0);
  const budgets = new Budgets(clock);
  expect(taken(budgets, 'logs', 'FilterLogEvents')).toBe(10);
  clock.move(500);
  expect(taken(budgets, 'logs', 'FilterLogEvents')).toBe(5);
  clock.move(60_000);
  expect(taken(budgets, 'logs', 'FilterLogEvents')).toBe(10);
});

it('shares a bucket within a family alone', () => {
  const budgets = new Budgets(new HandClock(0));
  expect(taken(budgets, 'ecs', 'DescribeTasks')).toBe(100);
  expect(budgets.take('ecs', 'ListTasks', {})).toBe(false);
  expect(budgets.take('ecs', 'RunTask', {})).toBe(true);
  expect(taken(budgets, 'ecs', 'Unlimited')).toBe(1000);
});

it('gives each environment calls of its Airflow of its own', () => {
  const budgets = new Budgets(new HandClock(0));
  expect(taken(budgets, 'airflow', 'InvokeRestApi', { Name: 'data-prod' })).toBe(10);
  expect(taken(budgets, 'airflow', 'InvokeRestApi', { Name: 'analytics' })).toBe(10);
});

describe('on the wire', () => {
  const bench = regionOfFile({ throttling: true });
  const groups = async () => {
    const answer = await sendJson(bench.running, 'logs', 'Logs_20140328.DescribeLogGroups', '{}');
    return answer.status === 200 ? 'answered' : JSON.parse(answer.body).__type;
  };

  it('refuses what goes over a quota until time has passed', async () => {
    for (let round = 0; round < 10; round++) expect(await groups()).toBe('answered');
    expect(await groups()).toBe('ThrottlingException');
    bench.clock.move(100);
    expect(await groups()).toBe('answered');
    expect(await groups()).toBe('ThrottlingException');
  });
});
