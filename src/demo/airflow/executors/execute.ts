import type { AirflowHost } from '../host.ts';
import { ECS_OPERATORS } from '../python/ecs-arguments.ts';
import type { DagRecord, DagRun, TaskInstance } from '../runs.ts';
import type { TaskError } from '../task-error.ts';
import { ORIGINS, type TaskLog } from '../task-log.ts';
import { executeDiscovery, isDiscovery } from './discovery.ts';
import { executeEcs } from './ecs.ts';
import { executeFunction, isFunction } from './function.ts';
import { executeIngestion, isIngestion } from './ingestion.ts';
import { executeTimed } from './timed.ts';

/** One try of a task, about to be carried out. */
export interface TaskContext {
  readonly host: AirflowHost;
  readonly dag: DagRecord;
  readonly run: DagRun;
  readonly instance: TaskInstance;
  readonly log: TaskLog;
  /** Ends the try, well or by an exception; may be called before `execute` returns. */
  finish(error: TaskError | undefined): void;
}

/** Begins a try of a task as its operator would; the answer kills it. */
export function execute(context: TaskContext): () => void {
  const { instance, run, log } = context;
  const { operator, taskId, retries } = instance.definition;
  const name = `${run.dagId}.${taskId} ${run.runId}`;
  log.write('info', ORIGINS.job, '::group::Pre task execution logs');
  log.write(
    'info',
    ORIGINS.instance,
    `Dependencies all met for dep_context=non-requeueable deps ti=<TaskInstance: ${name} [queued]>`,
  );
  log.write('info', { ...ORIGINS.instance, line: 2866 }, `Starting attempt ${instance.tryNumber} of ${retries + 1}`);
  const date = new Date(run.logicalDate ?? run.runAfter).toISOString().replace('Z', '+00:00');
  log.write('info', { ...ORIGINS.instance, line: 2889 }, `Executing <Task(${operator}): ${taskId}> on ${date}`);
  log.write('info', ORIGINS.runner, `Started process ${instance.pid} to run task`);
  log.write('info', ORIGINS.job, '::endgroup::');
  if (ECS_OPERATORS.has(operator)) return executeEcs(context);
  if (isDiscovery(context)) return executeDiscovery(context);
  if (isFunction(context)) return executeFunction(context);
  if (isIngestion(context)) return executeIngestion(context);
  return executeTimed(context);
}
