import { taskLogPrefix } from '../airflow/log-stream.ts';
import { dagRunJson } from '../fleet/dags.ts';
import { readEnvironment } from '../fleet/environments.ts';
import { type IngestionRun, ingestionRuns } from '../tasks/dag-runs.ts';
import { knownTaskJson } from '../tasks/known-tasks.ts';
import { lastSnapshot } from './dashboard.ts';
import { present } from './present.ts';
import type { Verb } from './program.ts';

/** `runs ENV DAG`: the newest runs of a DAG, with the ECS task that each started and where its own log is. */
export const runs: Verb = async (context, [name = '', dagId = '']) => {
  const session = await context.session();
  const { print, records, signal } = context;
  const environment = await readEnvironment(session, name, signal);
  const rows = await lastSnapshot(ingestionRuns.list(session, { environment, dagId, records }, signal));
  const group = environment.logGroups.task?.group ?? null;
  await present(
    context,
    rows.map((run) => runJson(run, group)),
    () => {
      if (rows.length === 0) print.note(`${dagId} of ${name} has not run yet.`);
      else print.table(ingestionRuns.columns, rows, session.clock.now());
    },
  );
  return 0;
};

function runJson(run: IngestionRun, logGroup: string | null) {
  const { conf: _, note: __, ...known } = dagRunJson(run);
  return {
    ...known,
    logGroup,
    logStreamPrefix: taskLogPrefix(run),
    tasks: run.tasks?.map(knownTaskJson) ?? null,
  };
}
