import { Box } from 'ink';
import { useCallback, useEffect, useState } from 'react';
import { applyPlan } from '../../../deployment/apply.ts';
import { type Planned, planDeployment } from '../../../deployment/plan.ts';
import { readEnvironment } from '../../../fleet/environments.ts';
import type { CommandContext } from '../../command.ts';
import { useConsole, useRead, useStore, useViewState } from '../../hooks.ts';
import { failureRows } from '../../message.ts';
import { failureOf } from '../../stores/failures.ts';
import { defineView, type ViewProps } from '../../view.ts';
import { Rows } from '../../widgets/text.tsx';
import { type ApplyJob, applied, beginning } from '../apply-job.ts';
import { type Draft, stageBefore } from './draft.ts';
import { ModeStage } from './mode-stage.tsx';
import { PipelineStage } from './pipeline-stage.tsx';
import { ReviewStage } from './review-stage.tsx';
import { TargetStage } from './target-stage.tsx';

/** What the screen's commands act on. */
interface DeployState {
  readonly planned: Planned | undefined;
}

function Deploy({ route, width, height }: ViewProps<'deploy'>) {
  const environment = useRead(
    `environment ${route.environment}`,
    (session, signal) => readEnvironment(session, route.environment, signal),
    Number.POSITIVE_INFINITY,
  );
  const [draft, setDraft] = useState<Omit<Draft, 'environment'>>({
    stage: 'mode',
    mode: 'ecs',
    options: route.dagId === undefined ? {} : { dagId: route.dagId },
  });
  const planned = draft.stage === 'review' ? draft.planned : undefined;
  useViewState({ planned } satisfies DeployState);
  const back = useCallback(() => setDraft((now) => ({ ...now, stage: stageBefore(now.stage) ?? now.stage })), []);
  useBack(draft.stage === 'mode' || draft.stage === 'target' ? undefined : back);

  if (environment.data === undefined) {
    const rows = environment.failure ? failureRows(environment.failure, width) : [` Reading ${route.environment} …`];
    return <Rows rows={rows} width={width} />;
  }
  const whole: Draft = { ...draft, environment: environment.data };
  return (
    <Box flexDirection="column" width={width} height={height} paddingX={draft.stage === 'review' ? 0 : 1}>
      {draft.stage === 'mode' ? (
        <ModeStage
          draft={whole}
          width={width - 2}
          onChoose={(mode) => setDraft({ ...draft, mode, stage: 'pipeline' })}
        />
      ) : draft.stage === 'pipeline' ? (
        <PipelineStage
          draft={whole}
          width={width - 2}
          onChoose={(pipeline) => setDraft({ ...draft, pipeline, stage: 'target' })}
        />
      ) : draft.stage === 'target' ? (
        <TargetStage
          draft={whole}
          width={width - 2}
          active
          onSubmit={(options) => setDraft({ ...draft, options, stage: 'review' })}
          onCancel={back}
        />
      ) : (
        <Review
          draft={whole}
          width={width}
          height={height}
          onPlanned={(found) => setDraft((now) => ({ ...now, planned: found }))}
        />
      )}
    </Box>
  );
}

/** Esc goes a stage back instead of leaving the screen, where there is one. */
function useBack(back: (() => void) | undefined): void {
  const { layers } = useConsole();
  useEffect(() => {
    if (back === undefined) return;
    return layers.push({ takes: ({ name }) => name === 'escape', onKey: back });
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
  const console = useConsole();
  const session = useStore(console.session, (state) => state.session);
  const [failure, setFailure] = useState<unknown>();
  const { environment, mode, pipeline, options } = draft;
  useEffect(() => {
    if (session === undefined || pipeline === undefined) return;
    const controller = new AbortController();
    onPlanned(undefined);
    setFailure(undefined);
    const request = {
      environment: environment.name,
      mode,
      pipelineText: pipeline.text,
      pipelineFile: pipeline.source,
      options,
    };
    planDeployment(session, request, controller.signal).then(onPlanned, (error: unknown) => {
      if (controller.signal.aborted) return;
      console.notices.record(failureOf(error), 'plan');
      setFailure(error);
    });
    return () => controller.abort();
    // Another plan follows from another choice alone, not from the plan itself.
  }, [session, environment.name, mode, pipeline, options, console.notices, onPlanned]);
  if (failure !== undefined) return <Rows rows={failureRows(failureOf(failure), width)} width={width} />;
  if (draft.planned === undefined) {
    return (
      <Rows rows={[[{ text: ` Planning: reading what is in ${environment.name} …`, tone: 'dim' }]]} width={width} />
    );
  }
  return <ReviewStage plan={draft.planned.plan} width={width} height={height} />;
}

/** Starts the deployment as a job that goes on when its screen is left, and opens the cockpit. */
async function apply({ console, state }: CommandContext<DeployState>): Promise<void> {
  const { planned } = state;
  if (planned === undefined) return;
  const { plan, target } = planned;
  const sure = await console.dialogs.confirm({
    title: `Deploy ${plan.dagId} to ${plan.environment}`,
    lines: [
      `${plan.steps.length} steps: ${plan.steps.map(({ kind }) => kind).join(', ')}.`,
      'No worker is restarted. Each step is written down first, with what was there before.',
    ],
    yes: 'deploy it',
    writes: true,
  });
  if (!sure) return;
  const job = console.jobs.start<ApplyJob>({
    title: `deploy ${plan.dagId} to ${plan.environment}`,
    onQuit: 'stops after the current request',
    initial: beginning(plan, target),
    work: async ({ signal, update }) => {
      const { arn } = await target.session.identity(signal);
      const events = applyPlan(plan, target, { who: arn }, signal);
      for (;;) {
        const next = await events.next();
        if (next.done) {
          update((data) => ({ ...data, outcome: next.value }));
          if (next.value.failure !== undefined) throw next.value.failure;
          return { text: `${plan.dagId} is deployed to ${plan.environment}`, tone: 'ok' };
        }
        update((data) => applied(data, next.value));
      }
    },
  });
  console.router.replace({ kind: 'apply', environment: plan.environment, job: job.id });
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
      writes: true,
      disabled: ({ state }) => {
        const plan = state.planned?.plan;
        if (plan === undefined) return 'There is no plan yet: choose mode, pipeline and target first';
        if (plan.steps.length === 0) return 'There is nothing to do: everything is as this deployment wants it';
        const failed = plan.checks.find(({ verdict }) => verdict === 'fail');
        return failed === undefined ? undefined : `A check failed: ${failed.evidence}`;
      },
      run: apply,
    },
  ],
});
