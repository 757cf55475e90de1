import { Box } from 'ink';
import { useEffect, useMemo, useState } from 'react';
import type { Task } from '../../fleet/tasks.ts';
import { followTask } from '../../tasks/follow.ts';
import { stopTask } from '../../tasks/stop.ts';
import type { Phase, RunResult } from '../../tasks/types.ts';
import { age } from '../../text/ages.ts';
import { useConsole, useNow, useStore, useViewState } from '../hooks.ts';
import { failureRows } from '../message.ts';
import type { Row, Segment } from '../row.ts';
import { failureOf, isAborted } from '../stores/failures.ts';
import { LogWindow } from '../stores/log-window.ts';
import { defineView, type ViewProps } from '../view.ts';
import { Rows } from '../widgets/text.tsx';
import { type LogState, logCommands } from './logs/commands.ts';
import { Head } from './logs/index.tsx';
import { LogPane } from './logs/log-pane.tsx';

/** What the screen's commands act on. */
interface RunState extends LogState {
  readonly task: Task | undefined;
  readonly ended: boolean;
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

function Run({ route: { cluster, taskArn, dagId }, width, height }: ViewProps<'run'>) {
  const console = useConsole();
  const session = useStore(console.session, (state) => state.session);
  const window = useMemo(() => new LogWindow(console.pace), [console]);
  const [progress, setProgress] = useState<Progress>(NOTHING);
  const now = useNow();
  useEffect(() => () => window.close(), [window]);
  useEffect(() => {
    if (session === undefined) return;
    const controller = new AbortController();
    window.clear();
    setProgress(NOTHING);
    const follow = async () => {
      const events = followTask(session, { cluster, taskArn }, controller.signal);
      for (;;) {
        const next = await events.next();
        if (next.done) {
          setProgress((before) => ({ ...before, result: next.value, note: '' }));
          return;
        }
        const event = next.value;
        if (event.type === 'lines') window.add(event.events);
        else if (event.type === 'follow') window.setFollow(event.state);
        else if (event.type === 'phase')
          setProgress((before) => ({ ...before, phases: event.phases, task: event.task }));
        else setProgress((before) => ({ ...before, note: event.text }));
      }
    };
    follow().catch((error: unknown) => {
      if (isAborted(error, controller.signal)) return;
      console.notices.record(failureOf(error), 'task');
      setProgress((before) => ({ ...before, failure: error }));
    });
    return () => controller.abort();
  }, [session, window, cluster, taskArn, console.notices]);
  useViewState({ window, task: progress.task, ended: progress.result !== undefined } satisfies RunState);

  const head = headRows({ cluster, taskArn, dagId }, progress, now, width);
  return (
    <Box flexDirection="column" width={width} height={height}>
      <Rows rows={head} width={width} />
      <Head window={window} title="Log" width={width} />
      <LogPane
        window={window}
        groups={[]}
        width={width}
        height={Math.max(1, height - head.length - 1)}
        empty={[
          {
            text: progress.result ? ' It wrote no line.' : ' No line yet: the container has to start first.',
            tone: 'dim',
          },
        ]}
      />
    </Box>
  );
}

function headRows(
  { cluster, taskArn, dagId }: { cluster: string; taskArn: string; dagId?: string | undefined },
  { task, phases, note, result, failure }: Progress,
  now: number,
  width: number,
): readonly Row[] {
  const id = taskArn.split('/').at(-1) ?? taskArn;
  const rows: Row[] = [
    [
      { text: ` ${cluster.split('/').at(-1)} · task ${id.slice(0, 4)}…${id.slice(-4)}`, bold: true },
      { text: dagId === undefined ? '' : ` · ${dagId}` },
      { text: task === undefined ? '' : ` · ${task.lastStatus.toLowerCase()}`, tone: 'running' },
    ],
    [{ text: ' ' }, ...phases.flatMap((phase, at) => phaseSegments(phase, at, now))],
  ];
  if (failure !== undefined) return [...rows, ...failureRows(failureOf(failure), width)];
  if (result !== undefined) return [...rows, ...resultRows(result)];
  if (note !== '') rows.push([{ text: ` ${note}`, tone: 'dim' }]);
  return rows;
}

function phaseSegments(
  { name, startedAt, endedAt, duration, pull }: Phase,
  at: number,
  now: number,
): readonly Segment[] {
  const took = endedAt === undefined ? Math.max(duration, now - startedAt) : duration;
  const inside = pull === undefined ? '' : ` (pull ${age(pull)})`;
  return [
    { text: at === 0 ? '' : '  >  ', tone: 'dim' },
    { text: `${name} ${age(took)}${inside}`, tone: endedAt === undefined ? 'running' : 'plain' },
  ];
}

/** How it ended: code and reason in words, what to check first, and the workflow's own summary. */
function resultRows({ ok, exitCode, stopCode, reason, advice, summary, logEvents }: RunResult): readonly Row[] {
  const code = exitCode === null ? 'no exit code' : `exit code ${exitCode}`;
  const rows: Row[] = [
    [
      { text: ok ? ' Succeeded' : ' Failed', tone: ok ? 'ok' : 'error', bold: true },
      { text: `, ${code}${stopCode === null ? '' : `, ${stopCode}`}: ${reason}` },
    ],
  ];
  if (advice !== '') rows.push([{ text: ` ${advice}`, tone: 'warn' }]);
  if (summary !== null) {
    const success = summary.success === null ? '' : `, success ${summary.success} %`;
    rows.push(
      ` ${summary.records} records, ${summary.filtered} filtered, ${summary.warnings} warnings, ${summary.errors} errors${success}`,
    );
  }
  rows.push([{ text: ` ${logEvents} lines`, tone: 'dim' }]);
  return rows;
}

/** A task from its start to its exit, with its log. */
export const runView = defineView<'run', RunState>({
  kind: 'run',
  initialState: { window: undefined, task: undefined, ended: false },
  crumbs: ({ dagId, taskArn }) => ['Run', dagId ?? taskArn.split('/').at(-1) ?? taskArn],
  Component: Run,
  commands: [
    {
      id: 'stop',
      title: 'Stop the task',
      keys: ['S'],
      where: 'run',
      hint: 'stop',
      writes: true,
      disabled: ({ state }) => (state.ended ? 'It has stopped' : undefined),
      run: async ({ console, route }) => {
        if (route.kind !== 'run') return;
        const values = await console.dialogs.form({
          title: 'Stop the task',
          lines: ['It gets SIGTERM, and SIGKILL after its stop time-out. The reason is kept with the task.'],
          fields: [{ id: 'reason', label: 'Reason', value: 'Stopped from mwaa-console' }],
          submit: 'stops it',
        });
        if (values === undefined) return;
        const { cluster, taskArn } = route;
        const reason = values.reason || 'Stopped from mwaa-console';
        await stopTask(console.openSession(), { cluster, taskArn, reason }, AbortSignal.timeout(30_000));
        console.notices.flash('The task is being stopped');
      },
    },
    ...logCommands<RunState>('run'),
  ],
});
