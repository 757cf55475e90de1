import { type Plan, planDeployment } from '../deployment/plan.ts';
import { ACTION_SIGNS, ACTION_TONES, kindColumn } from '../deployment/step-words.ts';
import type { IngestionMode } from '../ingestion/request.ts';
import { verdictTones } from '../text/verdict.ts';
import type { Context } from './context.ts';
import { deploymentOptions, readPipelineFile } from './pipeline-file.ts';
import { present } from './present.ts';
import type { Verb, VerbOptions } from './program.ts';

/** `plan ENV`: the steps with their diffs, the checks with their verdicts. */
export const plan: Verb = async (context, args, options) => {
  const planned = await planFor(context, args, options);
  await present(context, planJson(planned.plan), () => printPlan(context, planned.plan, true));
  if (options.detailedExitcode !== true) return 0;
  if (planned.plan.checks.some((check) => check.verdict === 'fail')) return 3;
  return planned.plan.steps.length > 0 ? 10 : 0;
};

/** Plans what the arguments and deployment options of `plan` and `deploy` ask for. */
export async function planFor(context: Context, [environment = '']: readonly string[], options: VerbOptions) {
  const { text, file } = await readPipelineFile(context, options);
  const session = await context.session();
  return planDeployment(
    session,
    {
      environment,
      mode: options.mode as IngestionMode,
      pipelineText: text,
      pipelineFile: file,
      options: deploymentOptions(options),
    },
    context.signal,
  );
}

/** Prints a plan for people, with or without its diffs. */
export function printPlan({ print }: Context, planned: Plan, diffs: boolean): void {
  print.line(
    `${planned.dagId} in ${planned.environment}: Airflow ${planned.airflowVersion}, OpenMetadata ${planned.openmetadataVersion}`,
    'accent',
  );
  if (planned.steps.length === 0) print.line('Nothing to do: everything is as this deployment wants it.');
  for (const step of planned.steps) {
    const restart = step.restartsWorkers ? '  restarts workers' : '';
    print.line(
      `${ACTION_SIGNS[step.action]} ${kindColumn(step.kind)} ${step.resource}  ${step.reason}${restart}`,
      ACTION_TONES[step.action],
    );
    if (diffs && step.diff !== '') print.diff(step.diff, '    ');
  }
  for (const finding of planned.findings) {
    print.line(`${finding.severity}  line ${finding.line}, ${finding.key}: ${finding.message}`, 'warn');
    print.line(`  ${finding.advice}`);
  }
  const passed = planned.checks.filter((check) => check.verdict === 'pass').length;
  print.line(`Checks: ${passed} of ${planned.checks.length} pass`);
  for (const check of planned.checks) {
    if (check.verdict === 'pass') continue;
    print.line(`${check.verdict}  ${check.evidence}`, verdictTones[check.verdict]);
    if (check.advice !== '') print.line(`  ${check.advice}`);
  }
}

/** A plan as `-o json` prints it. */
export function planJson(planned: Plan) {
  return {
    environment: planned.environment,
    mode: planned.mode,
    dagId: planned.dagId,
    openmetadataVersion: planned.openmetadataVersion,
    airflowVersion: planned.airflowVersion,
    steps: planned.steps.map(({ id, kind, action, resource, diff, restartsWorkers, shared, reason }) => ({
      id,
      kind,
      action,
      resource,
      diff,
      restartsWorkers,
      shared,
      reason,
    })),
    checks: planned.checks.map(({ id, verdict, evidence, advice, source }) => ({
      id,
      verdict,
      evidence,
      advice,
      source,
    })),
    findings: planned.findings.map(({ severity, line, column, key, message, advice, rule }) => ({
      severity,
      line,
      column,
      key,
      message,
      advice,
      rule,
    })),
  };
}
