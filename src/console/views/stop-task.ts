import type { Task } from '../../fleet/tasks.ts';
import { REASON_LIMIT, stopTask } from '../../tasks/stop.ts';
import type { Console } from '../console.ts';

/** Why a task can't be stopped now; undefined when it can. */
export function whyNotStop(task: Task | undefined): string | undefined {
  if (task === undefined) return 'The task is not read yet';
  if (task.lastStatus === 'STOPPED' || task.lastStatus === 'DELETED') return 'It has stopped already';
  return task.desiredStatus === 'STOPPED' ? 'It is stopping already' : undefined;
}

/** Asks why and whether, and stops a task: the reason stays with it, and says who and from where. */
export async function askToStop(console: Console, task: Task): Promise<void> {
  const { identity, pollers } = console.session.getState();
  const signature = ` (mwaa-console${identity === undefined ? '' : `, ${identity.name}`})`;
  const named = [
    `${task.family}${task.revision === undefined ? '' : `:${task.revision}`} in ${task.cluster}`,
    `task ${task.id}`,
  ];
  const answer = await console.dialogs.form({
    title: 'Why is the task stopped?',
    lines: named,
    fields: [
      {
        id: 'reason',
        label: 'Reason',
        value: '',
        placeholder: 'it holds a lock on the source',
        help: 'ECS keeps it: whoever looks at the task later reads it.',
        check: (value) => whyNoReason(value.trim(), REASON_LIMIT - signature.length),
      },
    ],
    submit: 'go on',
  });
  if (answer?.reason === undefined) return;
  const reason = `${answer.reason.trim()}${signature}`;
  const sure = await console.dialogs.confirm({
    title: 'Stop the task',
    lines: [
      ...named,
      `reason ${reason}`,
      'It gets SIGTERM, and SIGKILL after its stop time-out (30 s where none is set).',
    ],
    yes: 'stop it',
    writes: true,
  });
  if (!sure) return;
  const session = console.openSession();
  await stopTask(session, { cluster: task.cluster, taskArn: task.arn, reason }, AbortSignal.timeout(30_000));
  pollers?.hurry();
  console.notices.flash('The task is being stopped');
}

function whyNoReason(reason: string, longest: number): string | undefined {
  if (reason === '') return 'Say why: it stays with the stopped task.';
  return reason.length > longest ? `It has to fit ${longest} characters.` : undefined;
}
