/** `2026-11-22T17:05:04.123+0000`, as Airflow 2 begins a line. */
export function airflowTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, -1)}+0000`;
}

/** `2026-11-22 17:05:04`. */
export function plainTime(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** `22/Nov/2026:17:05:04 +0000`, as a web server's access log has it. */
export function accessTime(at: number): string {
  const date = new Date(at);
  const iso = date.toISOString();
  return `${iso.slice(8, 10)}/${MONTHS[date.getUTCMonth()]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}

/** `2026-11-22T16:10:00+00:00`, as in a run's id. */
export function runTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}+00:00`;
}
