import { describe, expect, it } from 'vitest';
import { Cron } from '../../../src/demo/airflow/cron.ts';
import type { DagDefinition, Schedule } from '../../../src/demo/airflow/python/definition.ts';
import { timetableOf } from '../../../src/demo/airflow/timetable.ts';

const at = (text: string) => Date.parse(`${text}Z`);
const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString().slice(0, 16));

describe('a cron expression', () => {
  it.each([
    ['0 4 * * *', '2026-11-22T04:00', '2026-11-23T04:00', '2026-11-22T04:00'],
    ['*/15 * * * *', '2026-11-22T04:01', '2026-11-22T04:15', '2026-11-22T04:00'],
    ['30 2 1 * *', '2026-11-22T04:00', '2026-12-01T02:30', '2026-11-01T02:30'],
    ['0 0 * * mon-fri', '2026-11-20T12:00', '2026-11-23T00:00', '2026-11-20T00:00'],
    ['0 0 13 * fri', '2026-11-14T00:00', '2026-11-20T00:00', '2026-11-13T00:00'],
    ['0 0 29 2 *', '2026-11-14T00:00', '2028-02-29T00:00', '2024-02-29T00:00'],
    ['0 0 15,l * *', '2028-02-20T00:00', '2028-02-29T00:00', '2028-02-15T00:00'],
    ['0 0 * * fri#2,1#1', '2026-11-03T00:00', '2026-11-13T00:00', '2026-11-02T00:00'],
    ['0 0 * * L5', '2026-11-03T00:00', '2026-11-27T00:00', '2026-10-30T00:00'],
    ['5,35 8-10/2 * * 7', '2026-11-22T08:36', '2026-11-22T10:05', '2026-11-22T08:35'],
  ])('%s at %s', (expression, now, next, previous) => {
    const cron = new Cron(expression);
    expect(iso(cron.next(at(now)))).toBe(next);
    expect(iso(cron.previous(at(now)))).toBe(previous);
  });

  it('is refused when it is none', () => {
    for (const wrong of ['0 4 * *', '60 * * * *', 'a * * * *', '5-1 * * * *', '0 0 * * fun#2'])
      expect(() => new Cron(wrong)).toThrow(RangeError);
    expect(new Cron('0 0 31 2 *').next(at('2026-11-22T00:00'))).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('a timetable', () => {
  const definition = (schedule: Schedule, more: Partial<DagDefinition> = {}): DagDefinition => ({
    dagId: 'x',
    description: undefined,
    schedule,
    startDate: at('2026-11-01T00:00'),
    catchup: false,
    pausedUponCreation: undefined,
    maxActiveRuns: 1,
    maxActiveTasks: 16,
    runTimeoutSeconds: undefined,
    tags: [],
    owners: [],
    tasks: new Map(),
    ...more,
  });
  const daily: Schedule = { kind: 'cron', expression: '0 4 * * *', text: '0 4 * * *' };
  const now = at('2026-11-22T12:00');

  it('of Airflow 2 begins with the latest whole interval, named by its beginning', () => {
    const run = timetableOf(definition(daily), '2.10.3')?.next(undefined, now);
    expect([iso(run?.logicalDate), iso(run?.runAfter)]).toEqual(['2026-11-21T04:00', '2026-11-22T04:00']);
    const next = timetableOf(definition(daily), '2.10.3')?.next(run, now);
    expect(iso(next?.runAfter)).toBe('2026-11-23T04:00');
  });

  it('of Airflow 3 begins with the next time, named by it', () => {
    const run = timetableOf(definition(daily), '3.2.1')?.next(undefined, now);
    expect([iso(run?.logicalDate), iso(run?.runAfter)]).toEqual(['2026-11-23T04:00', '2026-11-23T04:00']);
  });

  it('catches up where it is told to', () => {
    const run = timetableOf(definition(daily, { catchup: true }), '2.10.3')?.next(undefined, now);
    expect(iso(run?.logicalDate)).toBe('2026-11-01T04:00');
  });

  it('knows intervals, once and never', () => {
    const hours = timetableOf(definition({ kind: 'interval', seconds: 6 * 3600 }), '2.10.3')?.next(undefined, now);
    expect([iso(hours?.intervalStart), iso(hours?.intervalEnd)]).toEqual(['2026-11-22T06:00', '2026-11-22T12:00']);
    const once = timetableOf(definition({ kind: 'once' }), '2.10.3');
    expect(iso(once?.next(undefined, now)?.runAfter)).toBe('2026-11-01T00:00');
    expect(once?.next(hours, now)).toBeUndefined();
    expect(timetableOf(definition({ kind: 'none' }), '2.10.3')).toBeUndefined();
  });
});
