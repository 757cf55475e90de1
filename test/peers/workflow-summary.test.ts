import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parseSummary } from '../../src/tasks/summary.ts';

const script = fileURLToPath(new URL('workflow_summary.py', import.meta.url));

const STEPS = [
  { name: 'Snowflake', records: 216, updated: 3, warnings: 4, filtered: 6, errors: 0 },
  { name: 'OpenMetadata', records: 10, updated: 0, warnings: 0, filtered: 0, errors: 2 },
];

/** 1.5 tells one share for the whole workflow; from 1.6 on each step has its own, and the workflow their mean. */
test.each([
  ['1.5', [null, null], 99.12],
  ['1.12', [100, 83.33], 91.66],
  ['2.0', [100, 83.33], 91.66],
])('the summary that openmetadata-ingestion %s prints is read to the last number', (version, shares, success) => {
  const python = fileURLToPath(new URL(`../../.peers/openmetadata-${version}/bin/python`, import.meta.url));
  // Its logger writes to standard error, as it does in the ingestion image.
  const printed = execFileSync('sh', ['-c', '"$0" "$1" 2>&1', python, script], {
    input: JSON.stringify(STEPS),
    encoding: 'utf8',
  });
  const summary = parseSummary(printed.split('\n'));
  expect(summary, printed).toMatchObject({ records: 226, filtered: 6, warnings: 4, errors: 2 });
  expect(summary?.steps).toEqual(STEPS.map((step, at) => ({ ...step, success: shares[at] })));
  expect(summary?.success).toBeCloseTo(success, 1);
});
