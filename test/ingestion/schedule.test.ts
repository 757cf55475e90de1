import { expect, test } from 'vitest';
import { scheduleFault } from '../../src/ingestion/schedule.ts';
import { BAD_SCHEDULES, GOOD_SCHEDULES } from './schedules.ts';

test.each([...GOOD_SCHEDULES, '@daily', '@continuous'])('%s is a schedule', (schedule) => {
  expect(scheduleFault(schedule, '2.10.3')).toBeUndefined();
});

test.each(BAD_SCHEDULES)('%s is none: %s', (schedule, blamed) => {
  expect(scheduleFault(schedule, '2.10.3')).toContain(blamed);
});

test('nothing else gets into a DAG file by it', () => {
  for (const schedule of ['@fortnightly', '{{ ds }} * * * *', '0 4 * * "', '0 4 * * *\n', '0  4 * * *']) {
    expect(scheduleFault(schedule, '2.10.3')).toBeDefined();
  }
});

test('@continuous is for the Airflows that know it', () => {
  expect(scheduleFault('@continuous', '2.5.1')).toContain('2.6.0 is the first');
  expect(scheduleFault('@continuous', '2.6.3')).toBeUndefined();
});
