import { expect, test } from 'vitest';
import { scheduleFault } from '../../src/ingestion/schedule.ts';
import { BAD_SCHEDULES, GOOD_SCHEDULES } from './schedules.ts';

test.each([...GOOD_SCHEDULES, '@daily', '@continuous'])('%s is a schedule', (schedule) => {
  expect(scheduleFault(schedule)).toBeUndefined();
});

test.each(BAD_SCHEDULES)('%s is none: %s', (schedule, blamed) => {
  expect(scheduleFault(schedule)).toContain(blamed);
});

test('nothing else gets into a DAG file by it', () => {
  for (const schedule of ['@fortnightly', '{{ ds }} * * * *', '0 4 * * "', '0 4 * * *\n', '0  4 * * *']) {
    expect(scheduleFault(schedule)).toBeDefined();
  }
});
