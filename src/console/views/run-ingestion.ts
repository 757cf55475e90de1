import type { Console } from '../console.ts';

/** Runs a deployed ingestion as an ECS task, after showing what will be sent, and opens the screen that follows it. */
export async function runIngestion(console: Console, environment: string, dagId: string): Promise<void> {
  const session = console.openSession();
  const signal = AbortSignal.timeout(60_000);
  // The dashboard's first frame has to wait for none of this.
  const [{ resolveRun }, { runTask }, { requestWords }] = await Promise.all([
    import('../../tasks/resolve.ts'),
    import('../../tasks/run.ts'),
    import('../../tasks/request-words.ts'),
  ]);
  const request = await resolveRun(session, environment, dagId, signal);
  const sure = await console.dialogs.confirm({
    title: `Run ${dagId} now`,
    lines: requestWords(request),
    yes: 'run it',
    writes: true,
  });
  if (!sure) return;
  const { taskArn } = await runTask(session, request, signal);
  console.session.getState().pollers?.hurry();
  console.router.push({ kind: 'run', cluster: request.cluster, taskArn, environment, dagId });
}
