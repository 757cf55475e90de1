import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Session } from '../../aws/session.ts';
import type { OwnRun } from '../../tasks/own-configuration/plan.ts';
import { requestWords } from '../../tasks/request-words.ts';
import { Failure } from '../../text/failure.ts';
import type { Console } from '../console.ts';
import { useConsole, useStore } from '../hooks.ts';
import type { RouteOf } from '../routes.ts';
import type { Row } from '../row.ts';
import { readTextFile } from '../terminal/editor.ts';
import { diffRows } from './diff-rows.ts';
import { askWorkflowFile } from './workflow-file.ts';

/** What has become of a run's temporary secret and revision. */
interface Temporary {
  readonly text: string;
  readonly tone: 'dim' | 'ok' | 'warn';
}

const NONE: StoreApi<Temporary | undefined> = createStore<Temporary | undefined>()(() => undefined);
/** How long what is asked before and after a question may take, ms. */
const PATIENCE = 60_000;

/**
 * Runs a deployed ingestion once with another configuration than its own: asks for the file until it will do, shows all
 * that is made and sent, and takes the temporary parts away as soon as the task has read them, whatever screen is open.
 */
export async function runWithConfiguration(console: Console, environment: string, dagId: string): Promise<void> {
  const session = console.openSession();
  const [{ startOwnRun }, { removals }] = await Promise.all([
    import('../../tasks/own-configuration/temporary.ts'),
    import('../../tasks/own-configuration/follow.ts'),
  ]);
  const own = await askForOwnRun(console, session, environment, dagId);
  if (own === undefined) return;
  const sure = await console.dialogs.confirm({
    title: `Run ${dagId} with this configuration`,
    lines: shownRows(own),
    yes: 'run it',
    writes: true,
  });
  if (!sure) return;
  const { taskArn } = await startOwnRun(session, console.temporary, own, AbortSignal.timeout(PATIENCE));
  const { parts } = own;
  const job = console.jobs.start<Temporary>({
    title: `removal of ${parts.secretName}`,
    onQuit: 'it is left; the next start tells of it, and :clean-up-runs removes it',
    initial: {
      text: `The temporary secret ${parts.secretName} and the revision of ${parts.family} are removed once the task has read them.`,
      tone: 'dim',
    },
    work: async ({ signal, update }) => {
      const task = { cluster: parts.cluster, taskArn };
      for await (const { removed, text } of removals(session, console.temporary, task, parts, signal)) {
        update(() => ({ text, tone: removed ? 'ok' : 'warn' }));
        if (removed) return { text, tone: 'ok' };
      }
      return undefined;
    },
  });
  console.session.getState().pollers?.hurry();
  console.router.push({ kind: 'run', cluster: parts.cluster, taskArn, environment, dagId, removal: job.id });
}

/** What has become of the temporary parts of the run that a screen shows; undefined where it has none. */
export function useTemporary({ removal }: RouteOf<'run'>): Temporary | undefined {
  const { jobs } = useConsole();
  const job = removal === undefined ? undefined : jobs.find(removal);
  return useStore((job?.data ?? NONE) as StoreApi<Temporary | undefined>, (state) => state);
}

/** Asks for a workflow file, again and again while it will not do, each time saying why; undefined when it is left. */
async function askForOwnRun(
  console: Console,
  session: Session,
  environment: string,
  dagId: string,
): Promise<OwnRun | undefined> {
  const [{ resolveRun }, { planOwnRun }, { readPipeline }] = await Promise.all([
    import('../../tasks/resolve.ts'),
    import('../../tasks/own-configuration/plan.ts'),
    import('../../ingestion/pipeline.ts'),
  ]);
  const request = await resolveRun(session, environment, dagId, AbortSignal.timeout(PATIENCE));
  let wrong: Failure | undefined;
  let path: string | undefined;
  for (;;) {
    path = await askWorkflowFile(console, {
      title: `Run ${dagId} with another configuration`,
      ...(path !== undefined && { path }),
      wrong,
    });
    if (path === undefined) return undefined;
    try {
      const pipeline = readPipeline(await readTextFile(path), path);
      return await planOwnRun(session, request, pipeline, environment, AbortSignal.timeout(PATIENCE));
    } catch (error) {
      if (!(error instanceof Failure) || error.kind !== 'invalid-input') throw error;
      wrong = error;
    }
  }
}

/** What is sent and made, before it is: the request, the secret's content with its secrets hidden, the revision. */
function shownRows({ request, parts, shown }: OwnRun): readonly Row[] {
  const { configuration, diff, reader } = shown;
  return [
    ...requestWords({ ...request, taskDefinition: `a revision of ${parts.family}` }),
    '',
    `Secret ${parts.secretName}, for ${reader} to read, removed as soon as the task has read it:`,
    ...configuration
      .trimEnd()
      .split('\n')
      .map((text): Row => [{ text: `  ${text}`, tone: 'dim' }]),
    '',
    `Task definition ${parts.family}, removed with it:`,
    ...diffRows(diff),
  ];
}
