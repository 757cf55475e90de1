import { useMemo } from 'react';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { age, clockTime } from '../../text/ages.ts';
import type { Tone } from '../../text/columns.ts';
import type { CommandContext } from '../command.ts';
import { useConsole, useNow, useStore, useViewState } from '../hooks.ts';
import type { Row } from '../row.ts';
import { useTextPane } from '../use-text-pane.ts';
import { defineView, type ViewProps } from '../view.ts';
import { Panel, panelInnerWidth } from '../widgets/panel.tsx';
import type { ApplyJob, StepProgress } from './apply-job.ts';

/** What the cockpit's commands act on. */
interface ApplyState {
  readonly job: ApplyJob | undefined;
}

const NO_JOB: StoreApi<ApplyJob | undefined> = createStore<ApplyJob | undefined>()(() => undefined);

function Cockpit({ route, width, height }: ViewProps<'apply'>) {
  const { jobs } = useConsole();
  const now = useNow();
  const found = route.job === undefined ? undefined : jobs.find(route.job);
  const job = useStore((found?.data ?? NO_JOB) as StoreApi<ApplyJob | undefined>, (state) => state);
  useViewState({ job } satisfies ApplyState);
  const rows = useMemo(() => (job === undefined ? [NOT_HERE] : cockpitRows(job, now)), [job, now]);
  const text = useTextPane({ pane: 'cockpit', rows, width: panelInnerWidth(width), height: height - 2 });
  return (
    <Panel
      title={job === undefined ? 'Deployment' : `${job.plan.dagId} to ${job.plan.environment}`}
      note={job === undefined ? '' : noteOf(job, now)}
      rows={text.visible}
      width={width}
      height={height}
      focused={text.focused}
    />
  );
}

const NOT_HERE =
  'This console is not carrying out that deployment. The history tab of the environment has its journal.';

function noteOf({ startedAt, outcome, deployment, plan }: ApplyJob, now: number): Row {
  if (deployment === undefined) return [{ text: 'taking the lock', tone: 'running' }];
  if (outcome?.state === 'done') return [{ text: `done, ${plan.steps.length} steps`, tone: 'ok' }];
  if (outcome?.state === 'failed') return [{ text: 'failed', tone: 'error' }];
  return [{ text: `deployment ${deployment}, ${age(now - (startedAt ?? now))}`, tone: 'running' }];
}

const TONE: Record<StepProgress['state'], Tone> = { waiting: 'dim', running: 'running', done: 'ok', failed: 'error' };

function cockpitRows(job: ApplyJob, now: number): readonly Row[] {
  const rows: Row[] = job.plan.steps.flatMap((step): Row[] => {
    const progress = job.steps[step.id] ?? { state: 'waiting' };
    const { state, startedAt, endedAt, note } = progress;
    const took = startedAt === undefined ? '' : age((endedAt ?? now) - startedAt);
    const line: Row = [
      { text: state.padEnd(8), tone: TONE[state] },
      { text: took.padStart(7), tone: 'dim' },
      { text: `  ${step.kind.padEnd(16)} ${step.resource}`, tone: state === 'waiting' ? 'dim' : 'plain' },
    ];
    if (note === undefined || state === 'done') return [line];
    return [line, [{ text: `${' '.repeat(17)}${note}`, tone: state === 'failed' ? 'error' : 'dim' }]];
  });
  const { outcome, deployment, startedAt } = job;
  rows.push('');
  if (startedAt !== undefined)
    rows.push([{ text: `begun ${clockTime(startedAt)}, deployment ${deployment}`, tone: 'dim' }]);
  if (outcome?.state === 'done') rows.push([{ text: 'Deployed. R runs it now, Esc goes back.', tone: 'ok' }]);
  if (outcome?.failure !== undefined) {
    rows.push([{ text: outcome.failure.message, tone: 'error' }]);
    if (outcome.failure.advice !== undefined) rows.push(outcome.failure.advice);
  }
  if (outcome === undefined) rows.push([{ text: 'Esc leaves this screen and the deployment goes on.', tone: 'dim' }]);
  return rows;
}

function unfinished({ state }: CommandContext<ApplyState>): string | undefined {
  return state.job?.outcome?.state === 'done' ? undefined : 'It is not deployed yet';
}

/** The cockpit of a deployment: each step with its state and age. */
export const applyView = defineView<'apply', ApplyState>({
  kind: 'apply',
  initialState: { job: undefined },
  crumbs: ({ environment }) => [environment, 'Deployment'],
  Component: Cockpit,
  commands: [
    {
      id: 'run',
      title: 'Run the ingestion now',
      keys: ['R'],
      where: 'apply',
      hint: 'run',
      writes: true,
      disabled: unfinished,
      run: async ({ console, state }) => {
        if (state.job === undefined) return;
        const { runIngestion } = await import('./run-ingestion.ts');
        await runIngestion(console, state.job.plan.environment, state.job.plan.dagId);
      },
    },
    {
      id: 'logs',
      title: "Follow the ingestion's log group",
      keys: ['l'],
      where: 'apply',
      hint: 'logs',
      disabled: ({ state }) => (state.job?.target.request.ecs === undefined ? 'There is no log group' : undefined),
      run: ({ console, state }) => {
        const group = state.job?.target.request.ecs?.logGroup;
        if (group !== undefined) console.router.push({ kind: 'logs', groups: [group] });
      },
    },
  ],
});
