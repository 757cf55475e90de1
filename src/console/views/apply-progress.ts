import type { ApplyEvent, ApplyOutcome } from '../../deployment/carry-out.ts';
import type { Journal, JournalStep, JournalStepState } from '../../deployment/journal.ts';
import type { Step } from '../../deployment/step.ts';
import type { UpdateLine } from '../../deployment/update-log.ts';
import { Failure } from '../../text/failure.ts';

/** Lines of an update that are kept. */
const LINES = 6;
/** So a line of pip begins that says why nothing was installed. */
export const FAILING = 'ERROR: ';

/** How far one step is; times in ms since the epoch. */
export interface StepProgress {
  readonly state: 'waiting' | 'running' | 'paused' | 'done' | 'failed' | 'undoing' | 'undone';
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** What it says of itself: what it waits for, or why it failed. */
  readonly note?: string;
}

/** A deployment as its cockpit paints it: under way in this console, or read from its journal. */
export interface Progress {
  readonly environment: string;
  readonly dagId: string;
  /** Whether it is being deployed, or taken back. */
  readonly direction: 'forward' | 'back';
  readonly steps: readonly Pick<Step, 'id' | 'kind' | 'action' | 'resource'>[];
  readonly progress: Readonly<Record<string, StepProgress>>;
  readonly deployment?: string;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** What it waits for before it begins, such as a lock. */
  readonly waiting?: string;
  readonly outcome?: { readonly state: ApplyOutcome['state']; readonly failure?: Failure | undefined };
  /** Whether it has not come to its end and nobody carries it on. */
  readonly paused?: boolean;
  /** Who began it, where its journal tells. */
  readonly startedBy?: string;
  readonly logGroup?: string;
  /** What the containers of an environment's update wrote last. */
  readonly lines?: readonly UpdateLine[];
  /** The first of their lines that says why nothing was installed. */
  readonly failingLine?: string;
  /** What taking it back has left. */
  readonly remains?: readonly string[];
}

/** A deployment after one more event. */
export function applied(job: Progress, event: ApplyEvent): Progress {
  if (event.type === 'waiting') return { ...job, waiting: event.text };
  if (event.type === 'begun') {
    const { waiting: _, ...begun } = job;
    return { ...begun, deployment: event.deployment, startedAt: event.at };
  }
  if (event.type === 'log') return withLine(job, event.line);
  const id = event.type === 'note' ? event.step : event.id;
  const before = job.progress[id] ?? { state: 'waiting' };
  return { ...job, progress: { ...job.progress, [id]: progressed(before, event) } };
}

/** The newest lines, and the first that says why nothing was installed. */
function withLine(job: Progress, line: UpdateLine): Progress {
  const from = line.text.indexOf(FAILING);
  const failing = job.failingLine ?? (from < 0 ? undefined : line.text.slice(from));
  return {
    ...job,
    lines: [...(job.lines ?? []), line].slice(-LINES),
    ...(failing === undefined ? {} : { failingLine: failing }),
  };
}

function progressed(before: StepProgress, event: Extract<ApplyEvent, { type: 'step' | 'note' }>): StepProgress {
  if (event.type === 'note') return { ...before, note: event.text };
  if (event.state === 'running' || event.state === 'undoing') return { state: event.state, startedAt: event.at };
  const { startedAt } = before;
  return {
    state: event.state,
    ...(startedAt === undefined ? {} : { startedAt }),
    endedAt: event.at,
    ...(event.detail === undefined ? {} : { note: event.detail }),
  };
}

const STATES: Readonly<Record<JournalStepState, StepProgress['state']>> = {
  planned: 'waiting',
  doing: 'running',
  done: 'done',
  failed: 'failed',
  undoing: 'undoing',
  undone: 'undone',
};

function isUnderWay({ state }: JournalStep): boolean {
  return state === 'doing' || state === 'undoing';
}

/** How a journal says that it ended: with the reason of the step that failed, and what to do about it. */
function endOf({ state, steps }: Journal): Pick<Progress, 'outcome'> {
  if (state === 'applying' || state === 'undoing') return {};
  const failed = state === 'done' || state === 'undone' ? undefined : steps.find(({ error }) => error !== undefined);
  if (failed?.error === undefined) return { outcome: { state } };
  const { error, advice } = failed;
  return { outcome: { state, failure: new Failure('failed', error, advice === undefined ? {} : { advice }) } };
}

/** A deployment as its journal tells it; `paused` where nobody carries it on. */
export function fromJournal(journal: Journal, paused = false): Progress {
  const { environment, dagId, id, startedAt, startedBy, endedAt, steps, request, undo } = journal;
  const logGroup = request.ecs?.logGroup;
  const back = undo !== undefined;
  return {
    environment,
    dagId,
    direction: back ? 'back' : 'forward',
    steps: back ? [...steps].reverse() : steps,
    progress: Object.fromEntries(
      steps.map((step): [string, StepProgress] => [
        step.id,
        {
          state: paused && isUnderWay(step) ? 'paused' : (STATES[step.state] ?? 'waiting'),
          // What stands still has no age.
          ...(step.startedAt === undefined || (paused && isUnderWay(step)) ? {} : { startedAt: step.startedAt }),
          ...(step.endedAt === undefined ? {} : { endedAt: step.endedAt }),
          ...(step.error === undefined ? {} : { note: step.error }),
        },
      ]),
    ),
    deployment: id,
    paused,
    startedAt: undo?.startedAt ?? startedAt,
    startedBy: undo?.startedBy ?? startedBy,
    ...(endedAt === undefined ? {} : { endedAt }),
    ...endOf(journal),
    ...(logGroup === undefined ? {} : { logGroup }),
    remains: steps.flatMap(({ remains }) => (remains === undefined ? [] : [remains])),
  };
}
