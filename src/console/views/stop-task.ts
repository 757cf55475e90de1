import type { Task } from '../../fleet/tasks.ts';
import { stopTask } from '../../tasks/stop.ts';
import type { Console } from '../console.ts';

/** Why a task can't be stopped now; undefined when it can. */
export function whyNotStop(task: Task | undefined): string | undefined {
  if (task === undefined) return 'The task is not read yet';
  if (task.lastStatus === 'STOPPED' || task.lastStatus === 'DELETED') return 'It has stopped already';
  return task.desiredStatus === 'STOPPED' ? 'It is stopping already' : undefined;
}

/** Asks, and stops a task; the reason that is kept with it says who and from where. */
export async function askToStop(console: Console, task: Task): Promise<void> {
  const sure = await console.dialogs.confirm({
    title: 'Stop the task',
    lines: [
      `${task.family}${task.revision === undefined ? '' : `:${task.revision}`} in ${task.cluster}`,
      `task ${task.id}`,
      'It gets SIGTERM, and SIGKILL after its stop time-out (30 s where none is set).',
    ],
    yes: 'stop it',
    writes: true,
  });
  if (!sure) return;
  const session = console.openSession();
  const { identity, pollers } = console.session.getState();
  const reason = `Stopped from mwaa-console${identity === undefined ? '' : ` by ${identity.name}`}`;
  await stopTask(session, { cluster: task.cluster, taskArn: task.arn, reason }, AbortSignal.timeout(30_000));
  pollers?.hurry();
  console.notices.flash('The task is being stopped');
}
