import { applyPlan } from '../../deployment/apply.ts';
import { type ApplyEvent, type ApplyOutcome, begunSteps } from '../../deployment/carry-out.ts';
import { isUnfinished, newestUnfinished, readJournal, readJournals } from '../../deployment/journal.ts';
import type { Planned } from '../../deployment/plan.ts';
import { resumeDeployment } from '../../deployment/resume.ts';
import { actionCounts } from '../../deployment/step-words.ts';
import { planUndo, undoDeployment } from '../../deployment/undo.ts';
import { readEnvironment } from '../../fleet/environments.ts';
import { Failure } from '../../text/failure.ts';
import type { Console } from '../console.ts';
import { failureOf, isAborted } from '../stores/failures.ts';
import { applied, fromJournal, type Progress } from './apply-progress.ts';

/** Somebody may be looking elsewhere: an update takes half an hour. */
const BELL = '\u0007';
/** How long what is asked before a question may take: ms. */
const PATIENCE = 60_000;
/** Among so many of the newest deployments an unfinished one is looked for. */
const SEARCHED = 50;

/** Asks, starts the deployment as a job that goes on when its screen is left, and opens the cockpit. */
export async function startApplying(console: Console, { plan, target }: Planned): Promise<void> {
  const warnings = plan.checks.filter(({ verdict }) => verdict === 'warning').length;
  const restarts = plan.steps.some(({ restartsWorkers }) => restartsWorkers);
  const lines = [
    `${plan.steps.length} steps: ${actionCounts(plan.steps)}.`,
    ...(warnings === 0 ? [] : [`${warnings} ${warnings === 1 ? 'check warns' : 'checks warn'}: see the plan.`]),
    restarts ? RESTARTS : 'No worker is restarted. Each step is written down first, with what was there before.',
  ];
  const title = `Deploy ${plan.dagId} to ${plan.environment}`;
  if (!(await agreed(console, { title, lines, yes: 'deploy it', environment: plan.environment, restarts }))) return;
  const logGroup = target.request.ecs?.logGroup;
  const initial: Progress = {
    environment: plan.environment,
    dagId: plan.dagId,
    direction: 'forward',
    steps: plan.steps,
    progress: {},
    ...(logGroup === undefined ? {} : { logGroup }),
  };
  const { session } = target;
  follow(console, `deploy ${plan.dagId} to ${plan.environment}`, initial, async (signal) => {
    const { arn } = await session.identity(signal);
    return applyPlan(plan, target, { who: arn }, signal);
  });
}

/** Goes on with the environment's unfinished deployment, or that of `id`, as a job; says so where there is none. */
export async function startResuming(console: Console, environment: string, id?: string): Promise<void> {
  const session = console.openSession();
  const signal = AbortSignal.timeout(PATIENCE);
  const { sourceBucket: bucket } = await readEnvironment(session, environment, signal);
  const store = { session, bucket };
  const found =
    id === undefined
      ? newestUnfinished(await readJournals(store, environment, SEARCHED, signal))
      : await readJournal(store, environment, id, signal);
  if (found === undefined || !isUnfinished(found)) {
    console.notices.flash(`There is nothing to resume in ${environment}`);
    return;
  }
  const back = found.state === 'undoing' || found.state === 'undo-failed';
  const left = back ? begunSteps(found) : found.steps.filter(({ state }) => state !== 'done');
  const restarts = left.some(({ kind }) => kind === 'environment-update');
  const sure = await agreed(console, {
    title: `Resume ${found.dagId} in ${environment}`,
    lines: [
      `Deployment ${found.id} goes on${back ? ' being taken back' : ''}: ${left.length} of ${found.steps.length} steps are left.`,
      ...left.map(({ action, resource }) => (back ? `take back: ${resource}` : `${action} ${resource}`)),
      ...(restarts ? [RESTARTS] : []),
    ],
    yes: 'go on with it',
    environment,
    restarts,
  });
  if (!sure) return;
  const { outcome: _, endedAt: __, ...initial } = fromJournal(found);
  follow(console, `resume ${found.dagId} in ${environment}`, initial, async (working) => {
    const { arn } = await session.identity(working);
    return resumeDeployment(session, environment, found.id, { who: arn, patient: true }, working);
  });
}

/** Says what taking a deployment back does and what remains, asks, and does it as a job. */
export async function startUndoing(console: Console, environment: string, id?: string): Promise<void> {
  const session = console.openSession();
  const planned = await planUndo(session, environment, id, AbortSignal.timeout(PATIENCE));
  const { plan } = planned;
  const sure = await agreed(console, {
    title: `Take deployment ${plan.deployment} of ${plan.dagId} back`,
    lines: [
      ...plan.steps.map(({ resource, text }) => `${resource}: ${text}`),
      'Remains:',
      ...plan.remains.map((text) => `  ${text}`),
      ...(plan.restartsWorkers ? [RESTARTS] : []),
    ],
    yes: 'take it back',
    environment,
    restarts: plan.restartsWorkers,
  });
  if (!sure) return;
  const initial: Progress = {
    environment,
    dagId: plan.dagId,
    direction: 'back',
    steps: plan.steps.map(({ id: step, kind, resource, action }) => ({
      id: step,
      kind,
      resource,
      action: action === 'remove' ? 'delete' : 'update',
    })),
    progress: {},
    remains: plan.remains,
  };
  follow(console, `take ${plan.dagId} back in ${environment}`, initial, async (signal) => {
    const { arn } = await session.identity(signal);
    return undoDeployment(planned, { who: arn }, signal);
  });
}

const RESTARTS = 'It restarts the workers: tasks that run fail. Each step is written down, with what was there before.';

/** What restarts workers is agreed to by the environment's name. */
async function agreed(
  { dialogs }: Console,
  question: {
    readonly title: string;
    readonly lines: readonly string[];
    readonly yes: string;
    readonly environment: string;
    readonly restarts: boolean;
  },
): Promise<boolean> {
  const { title, lines, yes, environment, restarts } = question;
  if (restarts) return dialogs.name({ title, lines, expected: environment });
  return dialogs.confirm({ title, lines, yes, writes: true });
}

/** Runs the engine as a job and opens its cockpit. */
function follow(
  console: Console,
  title: string,
  initial: Progress,
  begin: (signal: AbortSignal) => Promise<AsyncGenerator<ApplyEvent, ApplyOutcome | undefined>>,
): void {
  const { environment, dagId } = initial;
  const job = console.jobs.start<Progress>({
    title,
    onQuit: 'it stops after the current request, and its journal keeps how far it came: `resume` goes on.',
    initial,
    work: async ({ signal, update }) => {
      const end = (outcome: NonNullable<Progress['outcome']>) => {
        update((data) => ({ ...data, outcome, endedAt: console.now() }));
        if (console.options.stdout.isTTY) console.options.stdout.write(BELL);
        console.session.getState().pollers?.hurry();
      };
      try {
        const events = await begin(signal);
        for (;;) {
          const next = await events.next();
          if (!next.done) {
            update((data) => applied(data, next.value));
            continue;
          }
          if (next.value === undefined) throw new Failure('refused', 'Somebody else has come to its end meanwhile.');
          if (next.value.failure !== undefined) throw next.value.failure;
          end(next.value);
          const words = next.value.state === 'undone' ? 'is taken back in' : 'is deployed to';
          return { text: `${dagId} ${words} ${environment}`, tone: 'ok' };
        }
      } catch (error) {
        // A step that failed, or refused before it began, such as by somebody else's lock.
        const state = initial.direction === 'back' ? 'undo-failed' : 'failed';
        if (!isAborted(error, signal)) end({ state, failure: failureOf(error) });
        throw error;
      }
    },
  });
  const cockpit = { kind: 'apply', environment, job: job.id } as const;
  const { kind } = console.router.place().route;
  // The stages that led here and the journal's own screen are done with; any other place is one to come back to.
  if (kind === 'deploy' || kind === 'apply') console.router.replace(cockpit);
  else console.router.push(cockpit);
}
