import type { Session } from '../aws/session.ts';
import { followRun as followToItsEnd } from '../tasks/follow-run.ts';
import { followOwnRun, type Removal } from '../tasks/own-configuration/follow.ts';
import type { OwnRun } from '../tasks/own-configuration/plan.ts';
import { startOwnRun } from '../tasks/own-configuration/temporary.ts';
import { requestWords } from '../tasks/request-words.ts';
import { resultJson } from '../tasks/result-json.ts';
import { runTask as startTask } from '../tasks/run.ts';
import type { FollowedTask, Phase, RunEvent, RunRequest, RunResult, WorkflowSummary } from '../tasks/types.ts';
import { age } from '../text/ages.ts';
import { amount } from '../text/amount.ts';
import type { Context } from './context.ts';
import { printEvent } from './logs.ts';
import { askForOwnRun, offerCleanUp, removeLeft } from './own-configuration.ts';
import { present } from './present.ts';
import type { Verb } from './program.ts';
import { runRequest } from './run-request.ts';

/** `run ENV DAG`, or `run --cluster C --task-definition T`: one ingestion task, followed to its exit. */
export const runTask: Verb = async (context, args, options) => {
  if (options.cleanUp === true) return removeLeft(context, await context.session());
  const asked = await runRequest(() => context.session(), args, options, context.signal);
  const session = await context.session();
  await offerCleanUp(context, session);
  const own =
    options.config === undefined ? undefined : await askForOwnRun(context, session, asked, String(options.config));
  tellRequest(context, own === undefined ? asked.request : { ...own.request, taskDefinition: own.parts.family });
  const detach = options.detach === true;
  const { taskArn, result } = await (own === undefined
    ? runAsked(context, session, asked.request, detach)
    : runOwn(context, session, own, detach));
  if (result === undefined) {
    await present(context, { taskArn }, () => context.print.line(taskArn));
    return 0;
  }
  await present(context, resultJson(result), () => printResult(context, result));
  if (context.records.trouble !== undefined) context.print.note(context.records.trouble, 'warn');
  return result.ok ? 0 : 1;
};

async function runAsked(context: Context, session: Session, request: RunRequest, detach: boolean) {
  const { taskArn } = await startTask(session, request, context.signal);
  if (detach) return { taskArn, result: undefined };
  context.print.note(taskArn, 'dim');
  return { taskArn, result: await followRun(context, session, { ...request, taskArn }) };
}

/** What is sent, before it is. */
function tellRequest({ print }: Context, request: RunRequest): void {
  for (const words of requestWords(request)) print.note(words, 'dim');
}

/** Follows a started task, its lines to the output as they come (to standard error where the result is data). */
export async function followRun(context: Context, session: Session, task: FollowedTask): Promise<RunResult> {
  return tellRun(context, followToItsEnd(session, context.records, task, context.signal), task);
}

/** Starts and follows a run with a configuration of its own; undefined as soon as nothing of it is left when detached. */
async function runOwn(context: Context, session: Session, own: OwnRun, detach: boolean) {
  const { records, temporary: journal, signal } = context;
  const { taskArn } = await startOwnRun(session, journal, own, signal);
  context.print.note(taskArn, 'dim');
  const task = { ...own.request, taskArn };
  const events = followOwnRun(session, { records, journal }, task, own.parts, signal);
  return { taskArn, result: await tellRun(context, detach ? untilRemoved(events) : events, task) };
}

async function* untilRemoved(
  events: AsyncGenerator<RunEvent | Removal, RunResult>,
): AsyncGenerator<RunEvent | Removal, undefined> {
  for await (const event of events) {
    yield event;
    if (event.type === 'removal') return;
  }
}

async function tellRun<Result>(
  context: Context,
  events: AsyncGenerator<RunEvent | Removal, Result>,
  task: FollowedTask,
): Promise<Result> {
  let phase = '';
  try {
    for (;;) {
      const next = await events.next();
      if (next.done) return next.value;
      phase = tellEvent(context, next.value, phase);
    }
  } catch (error) {
    if (context.signal.aborted) context.print.note(leftRunning(task));
    throw error;
  }
}

/** What becomes of a task whose following was interrupted. */
function leftRunning({ cluster, taskArn, timeout }: FollowedTask): string {
  const kept = timeout === undefined ? '' : ' Its --timeout is not kept any more.';
  const [clusterName, task] = [cluster, taskArn].map((reference) => reference.split('/').at(-1));
  return `The task goes on.${kept} To stop it: aws ecs stop-task --cluster ${clusterName} --task ${task}`;
}

/** Tells one event of a run; the name of the phase it is in now. */
function tellEvent(context: Context, event: RunEvent | Removal, phase: string): string {
  const { print } = context;
  if (event.type === 'note') print.note(event.text, 'dim');
  else if (event.type === 'removal') print.note(event.text, event.removed ? 'dim' : 'warn');
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
  const { ok, exitCode, stopCode, reason, advice, phases, summary, logEvents } = result;
  const code = exitCode === null ? 'no exit code' : `exit code ${exitCode}`;
  // That an essential container has exited is no news of a run that went well.
  print.line(
    ok ? `Succeeded: ${code}` : `Failed: ${code}${stopCode === null ? '' : `, ${stopCode}`}`,
    ok ? 'ok' : 'error',
  );
  print.line(reason);
  if (advice !== '') print.line(advice);
  if (phases.length > 0) print.line(phases.map(phaseWords).join(' > '), 'dim');
  if (summary !== null) {
    print.line(summaryWords('workflow', summary));
    for (const step of summary.steps) print.line(`  ${summaryWords(step.name, step)}`);
  }
  print.line(`${logEvents} log lines`, 'dim');
}

function phaseWords({ name, duration, pull }: Phase): string {
  return `${name} ${age(duration)}${pull === undefined || pull < 1000 ? '' : ` (pull ${age(pull)})`}`;
}

function summaryWords(name: string, counts: Omit<WorkflowSummary, 'steps'>): string {
  const { records, filtered, warnings, errors, success } = counts;
  const share = success === null ? '' : `, success ${success} %`;
  return `${name}: ${amount(records, 'record')}, ${filtered} filtered, ${amount(warnings, 'warning')}, ${amount(errors, 'error')}${share}`;
}
