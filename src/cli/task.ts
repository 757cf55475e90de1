import { randomUUID } from 'node:crypto';
import type { Session } from '../aws/session.ts';
import { followRun as followToItsEnd } from '../tasks/follow-run.ts';
import { resolveRun } from '../tasks/resolve.ts';
import { resultJson } from '../tasks/result-json.ts';
import { runTask as startTask } from '../tasks/run.ts';
import type { RunEvent, RunRequest, RunResult } from '../tasks/types.ts';
import { age } from '../text/ages.ts';
import { Failure } from '../text/failure.ts';
import type { Context } from './context.ts';
import { printEvent } from './logs.ts';
import { present } from './present.ts';
import type { Verb, VerbOptions } from './program.ts';

/** `run ENV DAG`, or `run --cluster C --task-definition T`: one ingestion task, followed to its exit. */
export const runTask: Verb = async (context, args, options) => {
  const session = await context.session();
  const request = await requestOf(session, args, options, context.signal);
  const { taskArn } = await startTask(session, request, context.signal);
  if (options.detach === true) {
    await present(context, { taskArn }, () => context.print.line(taskArn));
    return 0;
  }
  context.print.note(taskArn, 'dim');
  const result = await followRun(context, session, { ...request, taskArn });
  await present(context, resultJson(result), () => printResult(context, result));
  return result.ok ? 0 : 1;
};

async function requestOf(
  session: Session,
  [environment, dagId]: readonly string[],
  options: VerbOptions,
  signal: AbortSignal,
): Promise<RunRequest> {
  const timeout = options.timeout === undefined ? {} : { timeout: Number(options.timeout) * 1000 };
  const capacity = options.capacityProvider === undefined ? {} : { capacityProvider: String(options.capacityProvider) };
  if (environment !== undefined && dagId !== undefined) {
    return { ...(await resolveRun(session, environment, dagId, signal)), ...timeout, ...capacity };
  }
  if (options.cluster === undefined || options.taskDefinition === undefined) {
    throw new Failure('usage', 'What should run is not named.', {
      advice:
        'Name an ingestion (run ENV DAG), or a task: run --cluster C --task-definition T --subnet ID --security-group ID.',
    });
  }
  return {
    cluster: String(options.cluster),
    taskDefinition: String(options.taskDefinition),
    container: options.container as string | undefined,
    subnets: (options.subnet as string[] | undefined) ?? [],
    securityGroups: (options.securityGroup as string[] | undefined) ?? [],
    assignPublicIp: options.assignPublicIp === true,
    ...(options.pipelineType === undefined
      ? {}
      : { pipelineType: String(options.pipelineType), pipelineRunId: randomUUID() }),
    ...timeout,
    ...capacity,
  };
}

/** Follows a started task, its lines to the output as they come (to standard error where the result is data). */
export async function followRun(
  context: Context,
  session: Session,
  task: { readonly cluster: string; readonly taskArn: string } & Partial<RunRequest>,
): Promise<RunResult> {
  const events = followToItsEnd(session, context.records, task, context.signal);
  let phase = '';
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value;
    phase = tellRun(context, next.value, phase);
  }
}

/** Tells one event of a run; the name of the phase it is in now. */
function tellRun(context: Context, event: RunEvent, phase: string): string {
  const { print } = context;
  if (event.type === 'note') print.note(event.text, 'dim');
  else if (event.type === 'lines') {
    for (const line of event.events) {
      if (context.format === 'table') printEvent(context, line, 'none');
      else print.note(line.message);
    }
  } else if (event.type === 'phase') {
    const now = event.phases.at(-1);
    if (now !== undefined && now.name !== phase) {
      const before = event.phases.at(-2);
      print.note(
        before === undefined ? now.name : `${now.name} (${before.name} took ${age(before.duration)})`,
        'running',
      );
      return now.name;
    }
  }
  return phase;
}

/** How a run ended, for people. */
export function printResult({ print }: Context, result: RunResult): void {
  const took = result.phases.map((phase) => `${phase.name} ${age(phase.duration)}`).join(' > ');
  print.line(
    `${result.ok ? 'Succeeded' : 'Failed'}: exit code ${result.exitCode ?? 'none'}${result.stopCode ? `, ${result.stopCode}` : ''}`,
    result.ok ? 'ok' : 'error',
  );
  print.line(result.reason);
  if (result.advice !== '') print.line(result.advice);
  if (took !== '') print.line(took, 'dim');
  const { summary } = result;
  if (summary !== null) {
    const success = summary.success === null ? '' : `, success ${summary.success} %`;
    print.line(
      `${summary.records} records, ${summary.filtered} filtered, ${summary.warnings} warnings, ${summary.errors} errors${success}`,
    );
  }
  print.line(`${result.logEvents} log lines`, 'dim');
}
