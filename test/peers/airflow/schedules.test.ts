import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { BAD_SCHEDULES, GOOD_SCHEDULES } from '../../ingestion/schedules.ts';

const READER = `
import json, sys
from croniter import croniter

def reads(expression):
    try:
        croniter(expression)
        return True
    except ValueError:
        return False

json.dump([expression for expression in json.load(sys.stdin) if reads(expression)], sys.stdout)
`;

/** Those of the schedules that an Airflow's own croniter reads. */
function readBy(airflow: string, schedules: readonly string[]): string[] {
  const python = fileURLToPath(new URL(`../../../.peers/airflow-${airflow}/bin/python`, import.meta.url));
  return JSON.parse(execFileSync(python, ['-c', READER], { input: JSON.stringify(schedules), encoding: 'utf8' }));
}

const AIRFLOWS = ['2.7.2', '2.10.3', '3.2.1'];

test.each(AIRFLOWS)('Airflow %s reads every schedule that is let through', (airflow) => {
  expect(readBy(airflow, GOOD_SCHEDULES)).toEqual(GOOD_SCHEDULES);
});

test('what is refused, one of them refuses', () => {
  // Six fields are read with seconds: MWAA's would not run a DAG each second.
  const bad = BAD_SCHEDULES.map(([schedule]) => schedule).filter((schedule) => schedule.split(' ').length !== 6);
  const everywhere = AIRFLOWS.reduce((left, airflow) => readBy(airflow, left), bad);
  expect(everywhere).toEqual([]);
});
