import { useEffect, useMemo, useRef } from 'react';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { callerWords } from '../../aws/identity.ts';
import { readDeployment } from '../../deployment/history.ts';
import { ACTION_SIGNS, ACTION_TONES, kindWords } from '../../deployment/step-words.ts';
import { readEnvironment } from '../../fleet/environments.ts';
import { age, dayTime } from '../../text/ages.ts';
import type { Tone } from '../../text/columns.ts';
import type { CommandContext } from '../command.ts';
import { useConsole, useNow, useRead, useStore, useViewState } from '../hooks.ts';
import { failureRows } from '../message.ts';
import { fitRow, type Row, type Segment } from '../row.ts';
import type { TextDocument } from '../use-document.ts';
import { useTextPane } from '../use-text-pane.ts';
import { defineView, type ViewProps } from '../view.ts';
import { Panel, panelInnerWidth } from '../widgets/panel.tsx';
import { startResuming, startUndoing } from './apply-job.ts';
import { fromJournal, type Progress, type StepProgress } from './apply-progress.ts';
import { openUpdateLog } from './environment/update-log.ts';
import { hanging } from './field-rows.ts';
import { runIngestion } from './run-ingestion.ts';

/** What the cockpit's commands act on. */
interface ApplyState {
  readonly job: Progress | undefined;
}

const NO_JOB: StoreApi<Progress | undefined> = createStore<Progress | undefined>()(() => undefined);
/** How often a journal that somebody else may be writing is read, ms. */
const EVERY = 5_000;
/** How long reading the environment may take before its log is shown, ms. */
const PATIENCE = 30_000;
const UPDATE = 'environment-update';

function Cockpit({ route, ...area }: ViewProps<'apply'>) {
  const { jobs } = useConsole();
  const found = route.job === undefined ? undefined : jobs.find(route.job);
  const job = useStore((found?.data ?? NO_JOB) as StoreApi<Progress | undefined>, (state) => state);
  const { deployment, environment } = route;
  if (job === undefined && deployment !== undefined) {
    return <JournalCockpit environment={environment} deployment={deployment} {...area} />;
  }
  return <Shown job={job} absent={NOT_HERE} here {...area} />;
}

const NOT_HERE: readonly Row[] = [
  'This console is not carrying out that deployment. The history tab of the environment has its journal.',
];

interface Area {
  readonly width: number;
  readonly height: number;
}

function JournalCockpit({ environment, deployment, ...area }: Area & { environment: string; deployment: string }) {
  const read = useRead(
    `journal ${environment} ${deployment}`,
    async (session, signal) => {
      const { sourceBucket } = await readEnvironment(session, environment, signal);
      return readDeployment({ session, bucket: sourceBucket }, environment, deployment, signal);
    },
    EVERY,
  );
  const job = useMemo(
    () => (read.data === undefined ? undefined : fromJournal(read.data, read.data.paused)),
    [read.data],
  );
  const absent =
    read.failure !== undefined
      ? failureRows(read.failure, area.width - 4)
      : read.readAt === undefined
        ? [[{ text: 'Reading the journal …', tone: 'dim' as const }]]
        : [`There is no deployment ${deployment} in ${environment} any more.`];
  return <Shown job={job} absent={absent} here={false} {...area} />;
}

function Shown({
  job,
  absent,
  here,
  width,
  height,
}: Area & {
  job: Progress | undefined;
  /** What is said where there is no deployment. */
  absent: readonly Row[];
  /** Whether this console carries it out. */
  here: boolean;
}) {
  const now = useNow();
  useViewState({ job } satisfies ApplyState);
  const inner = panelInnerWidth(width);
  // Once it has ended or stands still nothing moves any more, and the text can be read and searched undisturbed.
  const moving = job?.outcome === undefined && job?.paused !== true ? now : 0;
  const { rows, current } = useMemo(
    () => (job === undefined ? { rows: absent, current: 0 } : cockpitRows(job, moving, here, inner - 2)),
    [job, moving, here, inner, absent],
  );
  const text = useTextPane({ pane: 'cockpit', rows, width: inner, height: height - 2 });
  useFollowed(text, current);
  return (
    <Panel
      title={job === undefined ? 'Deployment' : `${job.dagId} to ${job.environment}`}
      note={job === undefined ? '' : [...noteOf(job, now), { text: text.position === '' ? '' : ` · ${text.position}` }]}
      rows={text.visible}
      width={width}
      height={height}
      focused={text.focused}
    />
  );
}

/** Keeps a row in sight as another becomes it, until somebody has moved away from it. */
function useFollowed({ at, show }: Pick<TextDocument, 'at' | 'show'>, row: number): void {
  const shown = useRef(0);
  useEffect(() => {
    if (at !== shown.current || row === shown.current) return;
    shown.current = row;
    show(row);
  });
}

function noteOf(job: Progress, now: number): readonly Segment[] {
  const { startedAt, endedAt, outcome, deployment, steps, progress, direction } = job;
  if (deployment === undefined && outcome === undefined) return [{ text: 'taking the lock', tone: 'running' }];
  const end = direction === 'back' ? 'undone' : 'done';
  const done = steps.filter(({ id }) => progress[id]?.state === end).length;
  const at = Math.min(done + 1, steps.length);
  const took = startedAt === undefined ? '' : ` ${age((endedAt ?? now) - startedAt)}`;
  if (outcome?.state === 'done') return [{ text: `done, ${steps.length} steps in${took}`, tone: 'ok' }];
  if (outcome?.state === 'undone') return [{ text: `taken back in${took}`, tone: 'ok' }];
  const undo = direction === 'back' ? 'undo ' : '';
  if (outcome !== undefined) return [{ text: `${undo}failed at ${at} of ${steps.length}`, tone: 'error' }];
  if (job.paused) return [{ text: `${undo}paused at ${at} of ${steps.length}`, tone: 'warn' }];
  return [{ text: `${undo}${at} of ${steps.length},${took}`, tone: 'running' }];
}

const TONE: Record<StepProgress['state'], Tone> = {
  waiting: 'dim',
  running: 'running',
  paused: 'warn',
  done: 'ok',
  failed: 'error',
  undoing: 'running',
  undone: 'ok',
};
const CURRENT: ReadonlySet<StepProgress['state']> = new Set(['running', 'undoing', 'paused', 'failed']);
/** Cells before a step's kind: state, age, sign. */
const BEFORE = 8 + 8 + 2;
/** Below so many cells a resource's name takes one row, its end cut off: steps and their reasons have to be seen. */
const NARROW = 72;

/** The rows, and the one that the step begins with which is under way, stands still or failed, or how it ended. */
function cockpitRows(
  job: Progress,
  now: number,
  here: boolean,
  columns: number,
): { readonly rows: readonly Row[]; readonly current: number } {
  const kinds = Math.max(0, ...job.steps.map(({ kind }) => kindWords(kind).length)) + 2;
  const steps = job.steps.map((step): readonly Row[] => {
    const { state, startedAt, endedAt, note } = job.progress[step.id] ?? { state: 'waiting' };
    const took = startedAt === undefined ? '' : age((endedAt ?? now) - startedAt);
    const lead = [
      { text: state.padEnd(8), tone: TONE[state] },
      { text: `${took.padStart(6)}  `, tone: 'dim' as const },
      { text: `${ACTION_SIGNS[step.action]} `, tone: ACTION_TONES[step.action] },
      { text: kindWords(step.kind).padEnd(kinds), tone: state === 'waiting' ? ('dim' as const) : ('plain' as const) },
    ];
    const resource: Row = [{ text: step.resource, tone: state === 'waiting' ? 'dim' : 'accent' }];
    const line = columns < NARROW ? [fitRow([...lead, ...resource], columns)] : hanging(lead, resource, columns);
    if (note === undefined || state === 'done' || state === 'undone') return line;
    const indent = [{ text: ' '.repeat(columns >= 100 ? BEFORE + kinds : 16) }];
    const { failure } = job.outcome ?? {};
    const advice = state === 'failed' && failure?.message === note ? failure.advice : undefined;
    return [
      ...line,
      ...hanging(indent, [{ text: note, tone: state === 'failed' ? 'error' : 'dim' }], columns),
      ...(advice === undefined ? [] : hanging(indent, advice, columns)),
    ];
  });
  // What containers wrote stands last once it is over: how it ended has to be seen without scrolling.
  const over = job.outcome !== undefined;
  const rows = steps.flat();
  const at = job.steps.findIndex(({ id }) => CURRENT.has(job.progress[id]?.state ?? 'waiting'));
  const ended = job.outcome?.state === 'done' || job.outcome?.state === 'undone';
  const current = at >= 0 ? steps.slice(0, at).flat().length : ended ? rows.length + 1 : 0;
  const end = ['', ...endRows(job, here, columns)];
  const update = updateRows(job, columns);
  return { rows: over ? [...rows, ...end, ...update] : [...rows, ...update, ...end], current };
}

/** What an update's containers write, the line that failed pinned above; nothing more of it once all went well. */
function updateRows({ lines = [], failingLine, outcome }: Progress, columns: number): readonly Row[] {
  if (lines.length === 0 && failingLine === undefined) return [];
  if (outcome?.state === 'done' || outcome?.state === 'undone') return [];
  const pinned =
    failingLine === undefined
      ? []
      : hanging([{ text: 'pip  ', tone: 'error' }], [{ text: failingLine, tone: 'error' }], columns);
  const newest = lines.map(
    ({ component, text }): Row => [
      { text: `${component.padEnd(10)} `, tone: 'dim' },
      { text: text.replace(/\s+/g, ' '), tone: 'dim' },
    ],
  );
  return ['', ...pinned, ...newest];
}

const DEPLOYED_TO_ECS = 'Deployed. R runs it now, l follows its log group.';
/** What runs on the environment's own workers is no task of ECS and has no log group of its own. */
const DEPLOYED_INTO_AIRFLOW = 'Deployed. i shows it among the ingestions: T triggers it there, l follows its logs.';

function endRows(job: Progress, here: boolean, columns: number): readonly Row[] {
  const {
    outcome,
    deployment,
    startedAt,
    startedBy,
    waiting,
    remains = [],
    direction,
    logGroup,
    steps,
    progress,
  } = job;
  const by = startedBy === undefined ? '' : ` by ${callerWords(startedBy)}`;
  const what =
    direction === 'forward' ? 'begun' : outcome?.state === 'undone' ? 'taken back' : 'being taken back since';
  const begun: readonly Row[] =
    startedAt === undefined || deployment === undefined
      ? []
      : hanging([], [{ text: `Deployment ${deployment}, ${what} ${dayTime(startedAt)}${by}`, tone: 'dim' }], columns);
  if (outcome?.state === 'done')
    return [
      ...begun,
      ...hanging([], [{ text: logGroup === undefined ? DEPLOYED_INTO_AIRFLOW : DEPLOYED_TO_ECS, tone: 'ok' }], columns),
    ];
  if (outcome?.state === 'undone') {
    const left = remains.flatMap((text) => hanging([{ text: '  ' }], text, columns));
    return [
      ...begun,
      [{ text: 'Taken back.', tone: 'ok' }],
      ...(left.length === 0 ? [] : [[{ text: 'Remains:', tone: 'dim' as const }], ...left]),
    ];
  }
  if (outcome !== undefined) {
    const { failure } = outcome;
    const advice =
      direction === 'back'
        ? 'What was taken back stays so. C goes on where it stopped.'
        : 'What was done stays. C goes on where it stopped, U takes it back.';
    // The step that failed says why and what to do.
    const told = steps.some(({ id }) => progress[id]?.state === 'failed' && progress[id].note === failure?.message);
    return [
      ...begun,
      ...(failure === undefined || told ? [] : failureRows(failure, columns)),
      ...hanging([], advice, columns),
    ];
  }
  if (waiting !== undefined) return hanging([], [{ text: waiting, tone: 'warn' }], columns);
  const going = here
    ? `Esc leaves this screen and the ${direction === 'back' ? 'undo' : 'deployment'} goes on; quitting asks first.`
    : job.paused
      ? `Nobody carries it on. C goes on where it stopped${direction === 'back' ? '.' : ', U takes it back.'}`
      : 'Not finished. C goes on where it stopped, once nobody else does; U takes it back.';
  return [...begun, ...hanging([], [{ text: going, tone: 'dim' }], columns)];
}

function isOver({ state }: CommandContext<ApplyState>): boolean {
  return state.job?.outcome?.state === 'done' || state.job?.outcome?.state === 'undone';
}

function unfinished({ state }: CommandContext<ApplyState>): string | undefined {
  return state.job?.outcome?.state === 'done' ? undefined : 'It is not deployed yet';
}

/** This console must not meet its own lock. */
function underWay({ console, state }: CommandContext<ApplyState>): string | undefined {
  if (state.job?.deployment === undefined) return 'There is no deployment yet';
  const { environment } = state.job;
  const busy = console.jobs.getState().running.find(({ data }) => isOf(data.getState(), environment));
  return busy === undefined ? undefined : `This console is at work there: ${busy.title}`;
}

/** The update of the environment that has failed, if that is the step that did. */
function failedUpdate(job: Progress | undefined): StepProgress | undefined {
  const update = job?.steps.find(({ id, kind }) => kind === UPDATE && job.progress[id]?.state === 'failed');
  return update === undefined ? undefined : job?.progress[update.id];
}

function isOf(data: unknown, environment: string): boolean {
  return (
    typeof data === 'object' &&
    data !== null &&
    'direction' in data &&
    'environment' in data &&
    data.environment === environment
  );
}

/** The cockpit of a deployment: each step with its state and age. */
export const applyView = defineView<'apply', ApplyState>({
  kind: 'apply',
  initialState: { job: undefined },
  crumbs: ({ environment }) => [environment, 'Deployment'],
  Component: Cockpit,
  commands: [
    {
      id: 'resume',
      title: 'Go on with it where it stopped',
      keys: ['C'],
      where: 'apply',
      hint: 'go on',
      hinted: (context) => !isOver(context) && underWay(context) === undefined,
      writes: true,
      disabled: underWay,
      run: async ({ console, state }) => {
        if (state.job !== undefined) await startResuming(console, state.job.environment, state.job.deployment);
      },
    },
    {
      id: 'undo',
      title: 'Take the deployment back, after a preview',
      keys: ['U'],
      where: 'apply',
      hint: 'undo',
      hinted: (context) => context.state.job?.outcome?.state !== 'undone' && underWay(context) === undefined,
      writes: true,
      disabled: underWay,
      run: async ({ console, state }) => {
        if (state.job !== undefined) await startUndoing(console, state.job.environment, state.job.deployment);
      },
    },
    {
      id: 'run',
      title: 'Run the ingestion now',
      keys: ['R'],
      where: 'apply',
      hint: 'run',
      hinted: (context) => unfinished(context) === undefined && context.state.job?.logGroup !== undefined,
      writes: true,
      disabled: unfinished,
      run: async ({ console, state }) => {
        if (state.job !== undefined) await runIngestion(console, state.job.environment, state.job.dagId);
      },
    },
    {
      id: 'logs',
      title: "Follow the ingestion's log group",
      keys: ['l'],
      where: 'apply',
      hint: 'logs',
      hinted: ({ state }) => state.job?.logGroup !== undefined,
      disabled: ({ state }) => (state.job?.logGroup === undefined ? 'There is no log group' : undefined),
      run: ({ console, state }) => {
        const group = state.job?.logGroup;
        if (group !== undefined) console.router.push({ kind: 'logs', groups: [group] });
      },
    },
    {
      id: 'update-log',
      title: 'Show what the failed update logged while installing',
      keys: ['e'],
      where: 'apply',
      hint: 'update log',
      hinted: ({ state }) => failedUpdate(state.job) !== undefined,
      disabled: ({ state }) =>
        failedUpdate(state.job) === undefined ? 'No update of the environment has failed here' : undefined,
      run: async ({ console, route, state }) => {
        if (route.kind !== 'apply') return;
        const session = console.openSession();
        const environment = await readEnvironment(session, route.environment, AbortSignal.timeout(PATIENCE));
        openUpdateLog(console, environment, failedUpdate(state.job)?.startedAt);
      },
    },
    {
      id: 'ingestions',
      title: "Show the environment's ingestions",
      keys: ['i'],
      where: 'apply',
      hint: 'ingestions',
      run: ({ console, route }) => {
        if (route.kind !== 'apply') return;
        console.router.push({ kind: 'environment', name: route.environment, tab: 'ingestion' });
      },
    },
  ],
});
