import { Box } from 'ink';
import { useCallback, useEffect, useState } from 'react';
import { type Planned, planDeployment } from '../../../deployment/plan.ts';
import { readEnvironment } from '../../../fleet/environments.ts';
import { useConsole, useRead, useStore, useViewState } from '../../hooks.ts';
import { failureRows } from '../../message.ts';
import { failureOf } from '../../stores/failures.ts';
import type { LayerHint } from '../../stores/panes.ts';
import { defineView, type ViewProps } from '../../view.ts';
import { Line, Rows } from '../../widgets/text.tsx';
import { startApplying } from '../apply-job.ts';
import { CheckStage } from './check-stage.tsx';
import { type Draft, stageBefore } from './draft.ts';
import { ModeStage } from './mode-stage.tsx';
import { PipelineStage } from './pipeline-stage.tsx';
import { ReviewStage } from './review-stage.tsx';
import { StageLine } from './stage-line.tsx';
import { TargetStage } from './target-stage.tsx';

/** What the screen's commands act on. */
interface DeployState {
  readonly planned: Planned | undefined;
}

type DraftState = Omit<Draft, 'environment'>;

/** The line of the stages, and a blank one below it. */
const STAGE_ROWS = 2;

function Deploy({ route, width, height }: ViewProps<'deploy'>) {
  const environment = useRead(
    `environment ${route.environment}`,
    (session, signal) => readEnvironment(session, route.environment, signal),
    Number.POSITIVE_INFINITY,
  );
  const [draft, setDraft] = useState<DraftState>({
    stage: 'mode',
    mode: 'ecs',
    dagId: route.dagId,
    template: route.template,
    options: {},
  });
  const planned = draft.stage === 'review' ? draft.planned : undefined;
  useViewState({ planned } satisfies DeployState);
  const back = useCallback(() => setDraft((now) => ({ ...now, stage: stageBefore(now.stage) ?? now.stage })), []);
  // The form of the target hears Esc itself.
  useBack(draft.stage === 'mode' || draft.stage === 'target' ? undefined : back);

  if (environment.data === undefined) {
    const rows = environment.failure
      ? failureRows(environment.failure, width)
      : [[{ text: ` Reading ${route.environment} …`, tone: 'dim' as const }]];
    return <Rows rows={rows} width={width} />;
  }
  const whole: Draft = { ...draft, environment: environment.data };
  return (
    <Box flexDirection="column" width={width} height={height}>
      <StageLine draft={whole} width={width} />
      {draft.stage === 'review' ? null : <Line row="" width={width} />}
      <Stage draft={whole} setDraft={setDraft} back={back} width={width} height={height} />
    </Box>
  );
}

function Stage({
  draft,
  setDraft,
  back,
  width,
  height,
}: {
  draft: Draft;
  setDraft: (change: (now: DraftState) => DraftState) => void;
  back: () => void;
  width: number;
  height: number;
}) {
  const change = (changed: Partial<DraftState>) => setDraft((now) => ({ ...now, ...changed }));
  const onPlanned = useCallback((planned: Planned | undefined) => setDraft((now) => ({ ...now, planned })), [setDraft]);
  if (draft.stage === 'review') {
    return <Review draft={draft} width={width} height={height - 1} onPlanned={onPlanned} />;
  }
  const room = { draft, width: width - 2, height: height - STAGE_ROWS };
  return (
    <Box paddingX={1} width={width} height={room.height}>
      {draft.stage === 'mode' ? (
        <ModeStage {...room} onChoose={(mode) => change({ mode, stage: 'pipeline' })} />
      ) : draft.stage === 'pipeline' || draft.pipeline === undefined ? (
        <PipelineStage
          {...room}
          // Another pipeline is another ingestion: it does not take over the name of the one before.
          onChoose={(pipeline) => change({ pipeline, stage: 'check', options: { ...draft.options, dagId: undefined } })}
        />
      ) : draft.stage === 'check' ? (
        <CheckStage
          {...room}
          pipeline={draft.pipeline}
          onChange={(pipeline) => change({ pipeline })}
          onGoOn={() => change({ stage: 'target' })}
          onOther={() => change({ stage: 'pipeline' })}
        />
      ) : (
        <TargetStage
          draft={draft}
          width={room.width}
          onSubmit={(options) => change({ options, planned: undefined, stage: 'review' })}
          onCancel={back}
        />
      )}
    </Box>
  );
}

const BACK: readonly LayerHint[] = [['Esc', 'stage before']];

/** Esc goes a stage back instead of leaving the screen, where there is one. */
function useBack(back: (() => void) | undefined): void {
  const { layers } = useConsole();
  useEffect(() => {
    if (back === undefined) return;
    return layers.push({ hints: BACK, takes: ({ name }) => name === 'escape', onKey: back });
  }, [back, layers]);
}

function Review({
  draft,
  width,
  height,
  onPlanned,
}: {
  draft: Draft;
  width: number;
  height: number;
  onPlanned: (planned: Planned | undefined) => void;
}) {
  const { notices, session: sessions } = useConsole();
  const session = useStore(sessions, (state) => state.session);
  const [failure, setFailure] = useState<unknown>();
  const { environment, mode, pipeline, options } = draft;
  const { name } = environment;
  useEffect(() => {
    if (session === undefined || pipeline === undefined) return;
    const controller = new AbortController();
    onPlanned(undefined);
    setFailure(undefined);
    const request = { environment: name, mode, pipelineText: pipeline.text, pipelineFile: pipeline.source, options };
    planDeployment(session, request, controller.signal).then(
      (planned) => {
        if (!controller.signal.aborted) onPlanned(planned);
      },
      (error: unknown) => {
        if (controller.signal.aborted) return;
        notices.record(failureOf(error), 'plan');
        setFailure(error);
      },
    );
    return () => controller.abort();
  }, [session, name, mode, pipeline, options, notices, onPlanned]);
  if (failure !== undefined) {
    return <Rows rows={['', ...failureRows(failureOf(failure), width), '', 'Esc goes back.']} width={width} />;
  }
  if (draft.planned === undefined) {
    return (
      <Rows
        rows={['', [{ text: ` Planning: reading what is in ${name}, and whether all can be done …`, tone: 'dim' }]]}
        width={width}
      />
    );
  }
  return <ReviewStage plan={draft.planned.plan} width={width} height={height} />;
}

/** Choosing mode, pipeline and target, and reviewing the plan before it is applied. */
export const deployView = defineView<'deploy', DeployState>({
  kind: 'deploy',
  initialState: { planned: undefined },
  crumbs: ({ environment }) => [environment, 'Deploy'],
  Component: Deploy,
  commands: [
    {
      id: 'apply',
      title: 'Deploy: apply this plan',
      keys: ['I'],
      where: 'deploy',
      hint: 'deploy',
      hinted: ({ state }) => state.planned !== undefined,
      foremost: true,
      writes: true,
      disabled: ({ state }) => {
        const plan = state.planned?.plan;
        if (plan === undefined) return 'There is no plan yet: choose mode, pipeline and target first';
        if (plan.steps.length === 0) return 'There is nothing to do: everything is as this deployment wants it';
        const failed = plan.checks.find(({ verdict }) => verdict === 'fail');
        return failed === undefined ? undefined : `A check failed: ${failed.evidence}`;
      },
      run: async ({ console, state }) => {
        if (state.planned !== undefined) await startApplying(console, state.planned);
      },
    },
  ],
});
