import { openAirflow } from '../../airflow/airflow.ts';
import type { Dag } from '../../airflow/types.ts';
import type { Console } from '../console.ts';

/** Asks, and pauses a DAG, or unpauses one that is paused. */
export async function pauseDag(
  console: Console,
  environment: { readonly name: string; readonly airflowVersion: string },
  { dagId, paused }: Pick<Dag, 'dagId' | 'paused'>,
): Promise<void> {
  const sure = await console.dialogs.confirm({
    title: `${paused ? 'Unpause' : 'Pause'} ${dagId}`,
    lines: [paused ? 'Its schedule goes on.' : 'No new run starts; those under way go on.'],
    yes: `${paused ? 'unpause' : 'pause'} it`,
    writes: true,
  });
  if (!sure) return;
  await openAirflow(console.openSession(), environment).setPaused(dagId, !paused, AbortSignal.timeout(30_000));
  console.session.getState().pollers?.hurry();
  console.notices.flash(`${dagId} is ${paused ? 'unpaused' : 'paused'}`);
}
