import { describe, expect, it } from 'vitest';
import { environmentFrom } from '../../src/fleet/environment.ts';
import { environmentAttention, environmentColumns, environmentRemark } from '../../src/fleet/environment-columns.ts';
import type { EnvironmentRow } from '../../src/fleet/environments.ts';
import type { LastRun } from '../../src/fleet/last-run.ts';
import { Failure } from '../../src/text/failure.ts';
import { NOON } from './fake-session.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function row(members: Parameters<typeof environmentFrom>[0], more: Partial<EnvironmentRow> = {}): EnvironmentRow {
  return {
    name: 'legacy',
    environment: environmentFrom(members, 'legacy'),
    ingestions: [],
    notes: [],
    complete: true,
    ...more,
  };
}

function cells(of: EnvironmentRow): Record<string, string> {
  return Object.fromEntries(environmentColumns.map((column) => [column.title, column.cell(of, NOON).text]));
}

function tone(of: EnvironmentRow, id: string): string | undefined {
  return environmentColumns.find((column) => column.id === id)?.cell(of, NOON).tone;
}

function run(members: Partial<LastRun>): LastRun {
  return {
    source: 'ecs',
    dagId: 'orders',
    state: 'success',
    rawState: 'STOPPED',
    id: 'arn',
    startedAt: NOON - 8 * HOUR,
    ...members,
  };
}

const ingestion = (dagId: string) => ({ dagId }) as NonNullable<EnvironmentRow['ingestions']>[number];

describe('columns of an environment', () => {
  it('tell a working one', () => {
    const lastRun = run({ startedAt: NOON - 8 * HOUR, endedAt: NOON - 8 * HOUR + 12 * MINUTE + 31_000 });
    const working = row(
      {
        Status: 'AVAILABLE',
        AirflowVersion: '2.10.3',
        EnvironmentClass: 'mw1.medium',
        MinWorkers: 2,
        MaxWorkers: 10,
        LastUpdate: { CreatedAt: new Date(NOON - 72 * HOUR) },
      },
      {
        ingestions: ['a', 'b', 'c', 'orders'].map(ingestion),
        lastRun,
        lastRuns: { orders: lastRun, a: run({ state: 'failed' }) },
      },
    );
    expect(cells(working)).toEqual({
      NAME: 'legacy',
      STATUS: 'available',
      AIRFLOW: '2.10.3',
      CLASS: 'mw1.medium',
      WORKERS: '2-10',
      INGESTIONS: '4, 1 failed',
      'LAST RUN': 'ok 04:00 in 12m31s',
      UPDATED: '3d',
    });
    expect([tone(working, 'status'), tone(working, 'ingestions'), tone(working, 'lastRun')]).toEqual([
      'ok',
      'error',
      'ok',
    ]);
  });

  it('tell how long a change has been going on', () => {
    const updating = row({ Status: 'UPDATING', LastUpdate: { CreatedAt: new Date(NOON - 12 * MINUTE) } });
    expect(cells(updating).STATUS).toBe('updating 12m');
    expect(cells(row({ Status: 'CREATING', CreatedAt: new Date(NOON - 5 * MINUTE) })).STATUS).toBe('creating 5m');
    expect(cells(row({ Status: 'UPDATING' })).STATUS).toBe('updating');
  });

  it('show what AWS has added since as it came', () => {
    expect(cells(row({ Status: 'HIBERNATING' as 'AVAILABLE' })).STATUS).toBe('HIBERNATING');
    expect(tone(row({ Status: 'HIBERNATING' as 'AVAILABLE' }), 'status')).toBe('plain');
  });

  it('mark a version that AWS has ended, and take one that it will add', () => {
    const shown = (AirflowVersion: string) => cells(row({ AirflowVersion })).AIRFLOW;
    expect([shown('2.4.3'), shown('2.10.3'), shown('9.9.9'), shown('edge')]).toEqual([
      '2.4.3 EOS',
      '2.10.3',
      '9.9.9',
      'edge',
    ]);
  });

  it('tell absent members, one still being read and one that can not be read apart', () => {
    expect(cells(row({}))).toMatchObject({ STATUS: '?', AIRFLOW: '?', WORKERS: '?', INGESTIONS: 'none', UPDATED: '-' });
    expect(cells({ name: 'x', notes: [], complete: false })).toMatchObject({
      STATUS: '…',
      AIRFLOW: '…',
      INGESTIONS: '…',
      'LAST RUN': '…',
    });
    const refused: EnvironmentRow = { name: 'x', failure: new Failure('denied', 'no'), notes: [], complete: true };
    expect(cells(refused)).toMatchObject({ STATUS: 'denied', AIRFLOW: '-', 'LAST RUN': '-' });
  });

  it('show ? where ingestions or runs could not be asked', () => {
    const unasked = row({}, { ingestions: undefined, notes: ['Not allowed: s3:ListBucket.'] });
    expect(cells(unasked)).toMatchObject({ INGESTIONS: '?', 'LAST RUN': '?' });
    expect(environmentAttention(unasked, NOON)).toBeUndefined();
    expect(environmentRemark(unasked, NOON)).toBe('Not allowed: s3:ListBucket.');
  });

  it('show the state of the last run', () => {
    const shown = (members: Partial<LastRun>) => cells(row({}, { lastRun: run(members) }))['LAST RUN'];
    expect(shown({ state: 'failed', startedAt: NOON - 70 * MINUTE, endedAt: NOON - 58 * MINUTE })).toBe('failed 11:02');
    expect(shown({ state: 'failed', startedAt: NOON - 72 * HOUR })).toBe('failed 3d ago');
    expect(shown({ state: 'running', startedAt: NOON - 252_000 })).toBe('running 4m12s');
    expect(shown({ state: 'queued', startedAt: NOON - 2000 })).toBe('queued 2s');
    expect(shown({ state: 'unknown', rawState: 'restarting' })).toBe('restarting');
    expect(shown({ state: 'stopped', endedAt: NOON - 58 * MINUTE })).toBe('stopped 11:02');
    expect(shown({ state: 'queued', startedAt: undefined })).toBe('queued');
  });
});

describe('what needs attention', () => {
  const updated = new Date(NOON - HOUR);

  it('is a failed update with its error', () => {
    const failed = row({
      Status: 'UPDATE_FAILED',
      LastUpdate: {
        Status: 'FAILED',
        CreatedAt: updated,
        Error: { ErrorCode: 'INCORRECT', ErrorMessage: 'Requirements could not be installed' },
      },
    });
    expect(environmentAttention(failed, NOON)).toBe(
      'legacy: update failed 1h ago: Requirements could not be installed',
    );
  });

  it('is an unreadable environment with its advice on the bottom line', () => {
    const refused: EnvironmentRow = {
      name: 'x',
      failure: new Failure('denied', 'Not allowed.', { advice: 'Ask.' }),
      notes: [],
      complete: true,
    };
    expect(environmentAttention(refused, NOON)).toBe('x: Not allowed.');
    expect(environmentRemark(refused, NOON)).toBe('x: Not allowed. Ask.');
  });

  it('is a failed ingestion, the newest of several', () => {
    const lastRuns = {
      a: run({ dagId: 'a', state: 'failed', startedAt: NOON - 3 * HOUR }),
      b: run({ dagId: 'b', state: 'failed', startedAt: NOON - 2 * HOUR, endedAt: NOON - HOUR, reason: 'exit 1' }),
    };
    expect(environmentAttention(row({ Status: 'AVAILABLE' }, { lastRuns }), NOON)).toBe(
      'legacy: b failed 1h ago (and 1 more): exit 1',
    );
  });

  it('is every status that wants somebody', () => {
    const said = (Status: string) =>
      environmentAttention(row({ Status: Status as 'AVAILABLE', LastUpdate: { CreatedAt: updated } }), NOON);
    expect(said('CREATE_FAILED')).toBe('legacy: could not be created');
    expect(said('UNAVAILABLE')).toBe('legacy: unavailable since its last update 1h ago');
    expect(said('ROLLING_BACK')).toContain('being rolled back');
    expect(said('PENDING')).toContain('VPC endpoints');
    expect(said('AVAILABLE')).toBeUndefined();
    expect(said('SOMETHING_NEW')).toBeUndefined();
  });
});
