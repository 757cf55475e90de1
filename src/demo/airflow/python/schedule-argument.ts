import type { Schedule } from './definition.ts';
import { PythonError } from './tokens.ts';
import { Instance, plain, repr, seconds, type Value } from './values.ts';

const PRESETS: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@quarterly': '0 0 1 */3 *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};

/** What a DAG's `schedule` says; `AirflowTimetableInvalid` for text that is no cron expression. */
export function readSchedule(value: Value, line: number): Schedule {
  if (value === null) return { kind: 'none' };
  const length = seconds(value);
  if (length !== undefined) return { kind: 'interval', seconds: length };
  if (typeof value !== 'string') {
    return {
      kind: 'other',
      text: Array.isArray(value) ? 'Asset' : value instanceof Instance ? value.of : repr(plain(value)),
    };
  }
  if (value === '@once') return { kind: 'once' };
  if (value === '@continuous') return { kind: 'continuous' };
  const expression = PRESETS[value] ?? value;
  if (expression.trim().split(/\s+/).length !== 5) {
    throw new PythonError(
      'airflow.exceptions.AirflowTimetableInvalid',
      `Exactly 5, 6 or 7 columns has to be specified for iterator expression. (${value})`,
      line,
    );
  }
  return { kind: 'cron', expression, text: value };
}
