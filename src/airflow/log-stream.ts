/**
 * What the log streams of a run's task, or of all its tasks, begin with in the environment's task log group: Airflow's
 * log filename template, `:` as `_` (Airflow configuration reference, log_filename_template; aws/amazon-mwaa-docker-images).
 */
export function taskLogPrefix(run: { readonly dagId: string; readonly runId: string }, taskId?: string): string {
  const task = taskId === undefined ? '' : `task_id=${taskId}/`;
  return `dag_id=${run.dagId}/run_id=${run.runId}/${task}`.replaceAll(':', '_');
}
