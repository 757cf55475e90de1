import { openAirflow } from '../../airflow/airflow.ts';
import { isoTime } from '../../text/ages.ts';
import type { Console } from '../console.ts';

/** Asks, and starts a run of a DAG. */
export async function triggerDag(
  console: Console,
  environment: { readonly name: string; readonly airflowVersion: string },
  dagId: string,
): Promise<void> {
  const sure = await console.dialogs.confirm({
    title: `Trigger ${dagId}`,
    lines: [`One run now, by the scheduler of ${environment.name}.`],
    yes: 'trigger it',
    writes: true,
  });
  if (!sure) return;
  const session = console.openSession();
  const runId = `manual__${isoTime(session.clock.now())}`;
  await openAirflow(session, environment).trigger(dagId, { runId }, AbortSignal.timeout(30_000));
  console.session.getState().pollers?.hurry();
  console.notices.flash(`${dagId} is triggered`);
}
