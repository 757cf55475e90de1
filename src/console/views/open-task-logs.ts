import { taskLogPrefix } from '../../airflow/log-stream.ts';
import type { DagRun, TaskInstance } from '../../airflow/types.ts';
import { readEnvironment } from '../../fleet/environments.ts';
import { taskLogGroup } from '../../tasks/airflow-log.ts';
import { isoTime } from '../../text/ages.ts';
import type { Console } from '../console.ts';

/** Lines are looked for from a little before the run was made: ms. */
const BEFORE = 60_000;

/** Opens what a run's task, or all its tasks, wrote. */
export async function openTaskLogs(
  console: Console,
  environmentName: string,
  run: DagRun | undefined,
  task: TaskInstance | undefined,
): Promise<void> {
  if (run === undefined) return;
  const environment = await readEnvironment(console.openSession(), environmentName, AbortSignal.timeout(30_000));
  const began = run.queuedAt ?? run.startedAt ?? run.logicalDate;
  console.router.push({
    kind: 'logs',
    groups: [taskLogGroup(environment)],
    streamPrefix: taskLogPrefix(run, task?.taskId),
    since: began === undefined ? '1d' : isoTime(began - BEFORE),
  });
}
