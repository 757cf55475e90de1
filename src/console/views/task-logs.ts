import { logStream, logTarget, mainContainer, readTaskDefinition } from '../../fleet/task-definitions.ts';
import type { Task } from '../../fleet/tasks.ts';
import { isoTime } from '../../text/ages.ts';
import { Failure } from '../../text/failure.ts';
import type { Console } from '../console.ts';

/** A task's first lines may be stamped a little before its creation by clocks that differ: ms. */
const BEFORE = 60_000;

/** Opens the log stream that a task's main container writes to, from the task's creation on. */
export async function openTaskLogs(console: Console, task: Task): Promise<void> {
  const definition = await readTaskDefinition(console.openSession(), task.taskDefinition, AbortSignal.timeout(30_000));
  const container = mainContainer(definition)?.name;
  const target = logTarget(definition, container);
  if (target === undefined) {
    throw new Failure('not-found', `${task.family} does not log to CloudWatch.`, {
      advice: 'Its task definition needs the awslogs log driver.',
      resource: task.taskDefinition,
    });
  }
  const { group, streamPrefix } = target;
  const stream =
    streamPrefix === undefined || container === undefined ? undefined : logStream(streamPrefix, container, task.id);
  console.router.push({
    kind: 'logs',
    groups: [group],
    since: task.createdAt === undefined ? '1d' : isoTime(task.createdAt - BEFORE),
    ...(stream === undefined ? {} : { streams: [stream] }),
  });
}
