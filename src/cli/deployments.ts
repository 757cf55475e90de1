import { deploymentColumns, readDeployment, readDeployments } from '../deployment/history.ts';
import type { Journal } from '../deployment/journal.ts';
import { kindColumn } from '../deployment/step-words.ts';
import { deploymentSummary } from '../deployment/summary.ts';
import { listEnvironmentNames, readEnvironment } from '../fleet/environments.ts';
import { isoTime } from '../text/ages.ts';
import { Failure } from '../text/failure.ts';
import { present } from './present.ts';
import type { Verb } from './program.ts';

/** How many deployments of an environment are listed. */
const LIMIT = 50;

/** `deployments [ENV [ID]]`: what was deployed, when and by whom. */
export const deployments: Verb = async (context, [name, id]) => {
  const session = await context.session();
  const { signal, print } = context;
  const names = name === undefined ? await listEnvironmentNames(session, signal) : [name];
  const stores = await Promise.all(
    names.map(async (each) => ({ session, bucket: (await readEnvironment(session, each, signal)).sourceBucket })),
  );
  if (name !== undefined && id !== undefined) {
    const [store] = stores;
    const found = store && (await readDeployment(store, name, id, signal));
    if (found === undefined) {
      throw new Failure('not-found', `${name} has no deployment ${id}.`, { advice: `List them: deployments ${name}` });
    }
    if (context.options.output === 'markdown') {
      print.lines(deploymentSummary(found));
      return 0;
    }
    await present(context, journalJson(found), () => {
      print.table(deploymentColumns, [found], session.clock.now());
      for (const step of found.steps) {
        print.line(
          `${step.state.padEnd(8)} ${kindColumn(step.kind)} ${step.resource}${step.error ? `: ${step.error}` : ''}`,
        );
        if (step.advice !== undefined) print.line(`${' '.repeat(9)}${kindColumn('')} ${step.advice}`);
      }
    });
    return 0;
  }
  const lists = await Promise.all(
    stores.map((store, index) => readDeployments(store, names[index] ?? '', LIMIT, signal)),
  );
  const journals = lists.flat().sort((a, b) => b.startedAt - a.startedAt);
  await present(context, journals.map(journalJson), () => {
    if (journals.length === 0) print.note(`No deployments in ${names.join(', ') || session.region}.`);
    else print.table(deploymentColumns, journals, session.clock.now());
  });
  return 0;
};

function journalJson(journal: Journal) {
  const { id, environment, dagId, state, startedAt, startedBy, endedAt, steps, request, undo } = journal;
  return {
    id,
    environment,
    dagId,
    mode: request.mode,
    openmetadataVersion: request.openmetadataVersion,
    state,
    startedAt: isoTime(startedAt),
    startedBy,
    endedAt: endedAt === undefined ? null : isoTime(endedAt),
    undo: undo === undefined ? null : { startedAt: isoTime(undo.startedAt), startedBy: undo.startedBy },
    steps: steps.map((step) => ({
      id: step.id,
      kind: step.kind,
      action: step.action,
      resource: step.resource,
      state: step.state,
      startedAt: step.startedAt === undefined ? null : isoTime(step.startedAt),
      endedAt: step.endedAt === undefined ? null : isoTime(step.endedAt),
      error: step.error ?? null,
      advice: step.advice ?? null,
      remains: step.remains ?? null,
    })),
  };
}
