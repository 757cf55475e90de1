import { expect, test } from 'vitest';
import { pathLimits, pathLimitWords } from '../../src/connection/path-limits.ts';

const SCHEDULED = 'scheduled__2026-11-01T00:00:00+00:00';

test('finds which of OpenMetadata’s calls are longer than InvokeRestApi takes', () => {
  const long = 'a_dag_with_a_name_of_32_letters_';
  const limits = pathLimits(
    ['short', long],
    [
      { dagId: 'short', runId: 'manual_1' },
      { dagId: 'short', runId: SCHEDULED },
      { dagId: long, runId: 'manual_1' },
    ],
  );
  expect(limits).toEqual({
    calls: 7,
    runsOf: [long],
    tasksOf: [{ dagId: 'short', runs: 1, of: 2 }],
    refused: [
      `/dags/short/dagRuns/${encodeURIComponent(SCHEDULED)}/taskInstances`,
      `/dags/${long}/dagRuns?order_by=-start_date&limit=10`,
    ],
  });
  expect(pathLimitWords(limits).join(' ')).toContain('2 of OpenMetadata');
});

test('of short ids only says that all fit', () => {
  expect(pathLimitWords(pathLimits(['etl'], [{ dagId: 'etl', runId: 'r' }]))).toEqual([
    "Every one of OpenMetadata's 4 calls fits 64 characters of path.",
  ]);
});
