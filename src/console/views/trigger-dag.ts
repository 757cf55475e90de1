import { openAirflow } from '../../airflow/airflow.ts';
import type { Json } from '../../aws/mwaa-commands.ts';
import { isoTime } from '../../text/ages.ts';
import { jsonText } from '../../text/json.ts';
import type { Console } from '../console.ts';

/** Asks for the run's configuration and for a yes, and starts a run of a DAG. `conf` stands in the field at first. */
export async function triggerDag(
  console: Console,
  environment: { readonly name: string; readonly airflowVersion: string },
  dagId: string,
  conf: unknown = {},
): Promise<void> {
  const answer = await console.dialogs.form({
    title: `Trigger ${dagId}`,
    fields: [
      {
        id: 'conf',
        label: 'Configuration',
        value: jsonText(conf ?? {}),
        help: "A JSON object: the run's conf.",
        check: (value) => (typeof readConf(value) === 'string' ? String(readConf(value)) : undefined),
      },
    ],
    submit: 'go on',
  });
  const given = answer === undefined ? undefined : readConf(answer.conf ?? '');
  if (given === undefined || typeof given === 'string') return;
  const sure = await console.dialogs.confirm({
    title: `Trigger ${dagId}`,
    lines: [`One run now, by the scheduler of ${environment.name}.`, `conf ${jsonText(given)}`],
    yes: 'trigger it',
    writes: true,
  });
  if (!sure) return;
  const session = console.openSession();
  const runId = `manual__${isoTime(session.clock.now())}`;
  await openAirflow(session, environment).trigger(dagId, { runId, conf: given }, AbortSignal.timeout(30_000));
  console.session.getState().pollers?.hurry();
  console.notices.flash(`${dagId} is triggered`);
}

/** The configuration that a text holds, or what is wrong with it. */
function readConf(text: string): { readonly [key: string]: Json } | string {
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `That is no JSON: ${error instanceof Error ? error.message : String(error)}.`;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return 'It has to be a JSON object, such as {"day": "2026-11-22"}.';
  }
  return value as { readonly [key: string]: Json };
}
