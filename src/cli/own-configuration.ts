import type { Session } from '../aws/session.ts';
import { readPipeline } from '../ingestion/pipeline.ts';
import { leftParts, leftWords } from '../tasks/own-configuration/left.ts';
import { type OwnRun, planOwnRun } from '../tasks/own-configuration/plan.ts';
import { removeTemporary } from '../tasks/own-configuration/temporary.ts';
import { Failure } from '../text/failure.ts';
import type { Context } from './context.ts';
import { readPipelineFile } from './pipeline-file.ts';
import type { AskedRun } from './run-request.ts';

/** Plans a run with the configuration in `file`, shows what it makes and sends, and asks. */
export async function askForOwnRun(
  context: Context,
  session: Session,
  { request, environment }: AskedRun,
  file: string,
): Promise<OwnRun> {
  const read = await readPipelineFile(context, { pipeline: file });
  const own = await planOwnRun(
    session,
    request,
    readPipeline(read.text, read.file),
    environment ?? 'run',
    context.signal,
  );
  const { print } = context;
  const { configuration, diff, reader } = own.shown;
  print.note(`secret ${own.parts.secretName}, for ${reader} to read, removed as soon as the task has started:`);
  for (const line of configuration.trimEnd().split('\n')) print.note(`    ${line}`, 'dim');
  print.note(`task definition ${own.parts.family}, removed with it:`);
  for (const line of diff.trimEnd().split('\n')) print.note(`    ${line}`, 'dim');
  if (!(await context.confirm('Run it with this configuration?'))) throw new Failure('refused', 'Nothing was started.');
  return own;
}

/** Tells what earlier runs left behind, and removes it where the user says so; a script is told how. */
export async function offerCleanUp(context: Context, session: Session): Promise<void> {
  const left = await leftParts(session, context.temporary, context.signal);
  if (left.length === 0) return;
  context.print.note(leftWords(left), 'warn');
  const answered = context.options.yes === true || context.process.stdin.isTTY === true;
  if (answered && (await context.confirm('Remove them now?'))) await removeLeft(context, session);
  else context.print.note('`mwaa-console run --clean-up` removes them.');
}

/** `run --clean-up`: removes what runs that were cut off have left behind in this account and region; the exit code. */
export async function removeLeft(context: Context, session: Session): Promise<number> {
  const left = await leftParts(session, context.temporary, context.signal);
  if (left.length === 0) context.print.note('No run has left anything behind.');
  let starting = 0;
  for (const parts of left) {
    const state = await removeTemporary(session, context.temporary, parts, context.signal);
    if (state === 'starting') starting += 1;
    context.print.note(
      state === 'removed'
        ? `Removed ${parts.secretName} and the revision of ${parts.family} that read it.`
        : `${parts.secretName} is still needed: its task is starting. Try again in a few minutes.`,
    );
  }
  return starting === 0 ? 0 : 1;
}
