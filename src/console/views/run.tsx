import { Box } from 'ink';
import { useEffect, useMemo, useState } from 'react';
import { taskJson } from '../../fleet/task-json.ts';
import type { Task } from '../../fleet/tasks.ts';
import { dagRunOfTask, ingestionRuns, isOwnTask } from '../../tasks/dag-runs.ts';
import { followRun } from '../../tasks/follow-run.ts';
import type { Phase, RunResult, WorkflowSummary } from '../../tasks/types.ts';
import { age } from '../../text/ages.ts';
import { amount } from '../../text/amount.ts';
import type { CommandContext } from '../command.ts';
import type { Console } from '../console.ts';
import { useConsole, useNow, useStore, useViewState } from '../hooks.ts';
import { failureRows } from '../message.ts';
import type { RouteOf } from '../routes.ts';
import { type Row, rowWidth, type Segment, spread } from '../row.ts';
import { failureOf, isAborted } from '../stores/failures.ts';
import { LogWindow } from '../stores/log-window.ts';
import { wrapRow } from '../use-document.ts';
import { defineView, type ViewProps } from '../view.ts';
import { Rows } from '../widgets/text.tsx';
import { counted, hanging, sentenceRows } from './field-rows.ts';
import { type LogState, logCommands } from './logs/commands.ts';
import { LogHead, useLogHead } from './logs/head.tsx';
import { LogPane } from './logs/log-pane.tsx';
import { revisionsCommand } from './revisions-command.ts';
import { runIngestion } from './run-ingestion.ts';
import { runWithConfiguration, useTemporary } from './run-with-configuration.ts';
import { askToStop, whyNotStop } from './stop-task.ts';
import { openTaskLogs } from './task-logs.ts';

/** What the screen's commands act on. */
interface RunState extends LogState {
  readonly task: Task | undefined;
}

/** What is known of the run so far. */
interface Progress {
  readonly task: Task | undefined;
  readonly phases: readonly Phase[];
  readonly note: string;
  readonly result: RunResult | undefined;
  readonly failure: unknown;
}

const NOTHING: Progress = { task: undefined, phases: [], note: '', result: undefined, failure: undefined };
const NO_GROUPS: readonly string[] = [];
/** Rows that the log keeps, whatever stands above it. */
const LEAST_LOG = 5;

function Run({ route, width, height }: ViewProps<'run'>) {
  const console = useConsole();
  const window = useMemo(() => new LogWindow(console.pace), [console]);
  const progress = useProgress(console, route, window);
  const { task } = progress;
  const temporary = useTemporary(route);
  const now = useNow();
  useEffect(() => () => window.close(), [window]);
  useViewState({ window, task, ended: progress.result !== undefined } satisfies RunState);

  const logHead = useLogHead(window, 'Log', width);
  const head = [
    ...headRows(route, progress, now, width),
    ...(temporary === undefined ? [] : sentenceRows(temporary.text, width, temporary.tone)),
  ].slice(0, Math.max(2, height - logHead.length - LEAST_LOG));
  return (
    <Box flexDirection="column" width={width} height={height}>
      <Rows rows={head} width={width} fill />
      <LogHead rows={logHead} width={width} />
      <LogPane
        window={window}
        groups={NO_GROUPS}
        precision="seconds"
        width={width}
        height={Math.max(1, height - head.length - logHead.length)}
        empty={sentenceRows(
          progress.result === undefined ? 'No line yet: the container has to start first.' : 'It wrote no line.',
          width,
          'dim',
        )}
        of={{ arn: route.taskArn, inspect: task && { title: task.id, load: async () => taskJson(task) } }}
      />
    </Box>
  );
}

/** Follows the task for as long as the screen is open; what it brings is kept here, its lines in the window. */
function useProgress(console: Console, { cluster, taskArn }: RouteOf<'run'>, window: LogWindow): Progress {
  const session = useStore(console.session, (state) => state.session);
  const [progress, setProgress] = useState<Progress>(NOTHING);
  useEffect(() => {
    if (session === undefined) return;
    const controller = new AbortController();
    const change = (changed: Partial<Progress>) => setProgress((before) => ({ ...before, ...changed }));
    window.clear();
    setProgress(NOTHING);
    const follow = async () => {
      const events = followRun(session, console.records, { cluster, taskArn }, controller.signal);
      for (;;) {
        const next = await events.next();
        if (next.done) return change({ result: next.value, phases: next.value.phases, note: '' });
        const event = next.value;
        if (event.type === 'lines') await window.add(event.events);
        else if (event.type === 'follow') window.setFollow(event.state);
        else if (event.type === 'phase') change({ phases: event.phases, task: event.task });
        else change({ note: event.text });
      }
    };
    follow().then(
      () => console.session.getState().pollers?.hurry(),
      (error: unknown) => {
        if (isAborted(error, controller.signal)) return;
        console.notices.record(failureOf(error), 'task');
        change({ failure: error });
      },
    );
    return () => controller.abort();
  }, [session, window, cluster, taskArn, console]);
  return progress;
}

function headRows(route: RouteOf<'run'>, progress: Progress, now: number, width: number): readonly Row[] {
  const { task, phases, note, result, failure } = progress;
  const rows: Row[] = [titleRow(route, progress, now, width)];
  if (phases.length > 0) {
    rows.push(...phaseRows(phases, now, width));
  } else if (task === undefined && failure === undefined)
    rows.push([{ text: ' Asking ECS for the task …', tone: 'dim' }]);
  if (failure !== undefined) return [...rows, ...failureRows(failureOf(failure), width)];
  if (result !== undefined) return [...rows, ...resultRows(result, width)];
  if (note !== '') rows.push(...sentenceRows(note, width, 'dim'));
  return rows;
}

function titleRow({ cluster, taskArn, dagId }: RouteOf<'run'>, progress: Progress, now: number, width: number): Row {
  const { task, result } = progress;
  const id = taskArn.split('/').at(-1) ?? taskArn;
  const name = dagId ?? task?.family;
  const left: readonly Segment[] = [
    { text: ` ${cluster.split('/').at(-1)} · task ${id.length > 12 ? `${id.slice(0, 4)}…${id.slice(-4)}` : id}` },
    { text: name === undefined ? '' : ` · ${name}`, bold: true },
  ];
  return spread(left, stateSegments(task, result, now), width);
}

function stateSegments(task: Task | undefined, result: RunResult | undefined, now: number): readonly Segment[] {
  if (result !== undefined) {
    const text = result.ok ? 'succeeded ' : 'failed ';
    return [{ text, tone: result.ok ? 'ok' : 'error', bold: true }];
  }
  if (task === undefined) return [];
  const { lastStatus, startedAt } = task;
  const took = lastStatus === 'RUNNING' && startedAt !== undefined ? ` ${age(now - startedAt)}` : '';
  return [{ text: `${lastStatus.toLowerCase()}${took} `, tone: 'running' }];
}

/** The phases in one row: where they are too long for it closer together, then without the pull, in two only at last. */
function phaseRows(phases: readonly Phase[], now: number, width: number): readonly Row[] {
  const row = (between: string, pull: boolean): Row => [
    { text: ' ' },
    ...phases.flatMap((phase, at) => [
      { text: at === 0 ? '' : between, tone: 'dim' as const },
      phaseSegment(phase, now, pull),
    ]),
  ];
  const forms = [row('  >  ', true), row(' > ', true), row(' > ', false)];
  const fitting = forms.find((form) => rowWidth(form) <= width);
  return fitting === undefined ? wrapRow(row(' > ', false), width) : [fitting];
}

function phaseSegment(
  { name, startedAt, endedAt, duration, pull = 0 }: Phase,
  now: number,
  withPull: boolean,
): Segment {
  const took = endedAt === undefined ? Math.max(duration, now - startedAt) : duration;
  const inside = pull < 1000 || !withPull ? '' : ` (pull ${age(pull)})`;
  return { text: `${name} ${age(took)}${inside}`, tone: endedAt === undefined ? 'running' : 'plain' };
}

/** How it ended: code and reason in words, what to check first, and the workflow's own summary. */
function resultRows({ ok, exitCode, stopCode, reason, advice, summary }: RunResult, width: number): readonly Row[] {
  const code = exitCode === null ? 'no exit code' : `exit code ${exitCode}`;
  const verdict: Row = ok
    ? [{ text: reason, bold: true, tone: 'ok' }]
    : [{ text: `${code}${stopCode === null ? '' : `, ${stopCode}`}: `, bold: true, tone: 'error' }, { text: reason }];
  const errors = ok && summary !== null && summary.errors > 0;
  return [
    ...hanging([{ text: ' ' }], verdict, width),
    ...(advice === '' ? [] : sentenceRows(advice, width, 'warn')),
    // OpenMetadata, workflow.json: successThreshold, 90 unless it says otherwise.
    ...(errors
      ? sentenceRows("Its errors do not fail it: enough succeeded for the workflow's successThreshold.", width)
      : []),
    ...(summary === null ? [] : summaryRows(summary, width)),
  ];
}

function summaryRows({ steps, records, filtered, warnings, errors, success }: WorkflowSummary, width: number) {
  const counts = (values: {
    records: number;
    filtered: number;
    warnings: number;
    errors: number;
  }): readonly Segment[] => [
    { text: `${amount(values.records, 'record')}, ${counted(values.filtered)} filtered, ` },
    { text: amount(values.warnings, 'warning'), tone: values.warnings > 0 ? 'warn' : 'plain' },
    { text: ', ' },
    { text: amount(values.errors, 'error'), tone: values.errors > 0 ? 'error' : 'plain' },
  ];
  const all: Row = [
    { text: ' workflow  ', tone: 'dim' },
    ...counts({ records, filtered, warnings, errors }),
    { text: success === null ? '' : `, success ${success} %` },
  ];
  const names = steps.reduce((widest, { name }) => Math.max(widest, name.length), 0);
  return [
    all,
    ...steps.map((step): Row => [{ text: `   ${step.name.padEnd(names)}  `, tone: 'dim' }, ...counts(step)]),
  ].flatMap((row) => wrapRow(row, width));
}

function whyNotAgain({ route, state }: CommandContext<RunState>): string | undefined {
  if (!state.ended) return 'It is still running';
  return route.kind === 'run' && route.environment !== undefined
    ? undefined
    : 'Run it from its environment: this screen knows the task alone';
}

async function runAgain({ console, route }: CommandContext<RunState>, run: typeof runIngestion): Promise<void> {
  if (route.kind !== 'run') return;
  const { environment, dagId } = route;
  if (environment !== undefined && dagId !== undefined) await run(console, environment, dagId);
}

/** A task from its start to its exit, with its log. */
export const runView = defineView<'run', RunState>({
  kind: 'run',
  initialState: { window: undefined, task: undefined, ended: false },
  crumbs: ({ dagId, taskArn }) => [`Run ${dagId ?? taskArn.split('/').at(-1) ?? taskArn}`],
  Component: Run,
  commands: [
    {
      id: 'stop',
      title: 'Stop the task',
      keys: ['S'],
      where: 'run',
      hint: 'stop',
      hinted: ({ state }) => !state.ended && whyNotStop(state.task) === undefined,
      writes: true,
      disabled: ({ state }) => (state.ended ? 'It has stopped already' : whyNotStop(state.task)),
      run: async ({ console, state }) => {
        if (state.task !== undefined) await askToStop(console, state.task);
      },
    },
    {
      id: 'run',
      title: 'Run the ingestion once more',
      keys: ['R'],
      where: 'run',
      hint: 'run again',
      hinted: ({ state }) => state.ended,
      writes: true,
      disabled: whyNotAgain,
      run: (context) => runAgain(context, runIngestion),
    },
    {
      id: 'run-with',
      title: 'Run the ingestion once with another configuration, from a file',
      keys: ['Z'],
      where: 'run',
      writes: true,
      disabled: whyNotAgain,
      run: (context) => runAgain(context, runWithConfiguration),
    },
    {
      id: 'logs',
      title: 'Open its log stream in the log view',
      keys: ['l'],
      where: 'run',
      hint: 'logs',
      disabled: ({ state }) => (state.task === undefined ? 'The task is not read yet' : undefined),
      run: async ({ console, state }) => {
        if (state.task !== undefined) await openTaskLogs(console, state.task);
      },
    },
    {
      id: 'dag-run',
      title: 'Go to the DAG run that started the task',
      keys: ['x'],
      where: 'run',
      hint: 'dag run',
      hinted: ({ state: { task } }) => task !== undefined && !isOwnTask(task),
      disabled: ({ state }) => (state.task === undefined ? 'The task is not read yet' : undefined),
      run: async ({ console, route, state }) => {
        if (route.kind !== 'run' || state.task === undefined) return;
        const signal = AbortSignal.timeout(60_000);
        const { environment, run } = await dagRunOfTask(console.openSession(), state.task, route, signal);
        const { dagId, runId } = run;
        console.router.goTo({
          kind: 'dag',
          environment: environment.name,
          airflowVersion: environment.airflowVersion,
          dagId,
        });
        console.router.remember(ingestionRuns.id, { cursor: ingestionRuns.key({ ...run, tasks: undefined }) });
        console.notices.flash(`Started by the run ${runId}`);
      },
    },
    revisionsCommand<RunState>('run', ({ task }) => task?.taskDefinition),
    ...logCommands<RunState>('run'),
  ],
});
