import type { Task } from '../fleet/tasks.ts';
import type { Phase, PhaseName } from './types.ts';

/** When each status was first seen, ms since the epoch; used where ECS gives no time of its own. */
export type ObservedStatuses = ReadonlyMap<string, number>;

/** Statuses of DescribeTasks, as phases; later ones count as `stopping`. */
const STATUS_PHASES: Readonly<Record<string, PhaseName>> = {
  PROVISIONING: 'provisioning',
  PENDING: 'pending',
  ACTIVATING: 'activating',
  RUNNING: 'running',
  DEACTIVATING: 'stopping',
  STOPPING: 'stopping',
  DEPROVISIONING: 'stopping',
};

/**
 * A task's phases with their times, from the task's own timestamps where it has them: a phase too short to be seen still
 * shows, and one that was never reached does not. `now` in ms since the epoch ends the phase that lasts.
 */
export function phasesOf(task: Task, observed: ObservedStatuses, now: number): Phase[] {
  const seen = (...statuses: string[]) =>
    statuses.flatMap((status) => observed.get(status) ?? []).reduce<number | undefined>(least, undefined);
  const starts: readonly (readonly [PhaseName, number | undefined])[] = [
    ['provisioning', task.createdAt ?? seen('PROVISIONING')],
    ['pending', task.connectivityAt ?? least(task.pullStartedAt, seen('PENDING'))],
    // A pull that failed has an end too, but no activation behind it.
    ['activating', task.startedAt === undefined ? seen('ACTIVATING') : (task.pullStoppedAt ?? seen('ACTIVATING'))],
    ['running', task.startedAt ?? seen('RUNNING')],
    ['stopping', task.executionStoppedAt ?? task.stoppingAt ?? seen('DEACTIVATING', 'STOPPING', 'DEPROVISIONING')],
  ];
  const current = STATUS_PHASES[task.lastStatus];
  const stopped = task.lastStatus === 'STOPPED' || task.lastStatus === 'DELETED';
  const end = stopped ? (task.stoppedAt ?? seen('STOPPED') ?? now) : undefined;
  const known: { name: PhaseName; startedAt: number }[] = [];
  for (const [name, start] of starts) {
    if (start === undefined) continue;
    const before = known.at(-1)?.startedAt ?? start;
    known.push({ name, startedAt: Math.max(before, end === undefined ? start : Math.min(start, end)) });
    if (name === current) break;
  }
  return known.map(({ name, startedAt }, index) => {
    const endedAt = known[index + 1]?.startedAt ?? end;
    const pull = name === 'pending' ? pullTime(task, endedAt ?? now) : undefined;
    return {
      name,
      startedAt,
      ...(endedAt !== undefined && { endedAt }),
      duration: Math.max(0, (endedAt ?? now) - startedAt),
      ...(pull !== undefined && { pull }),
    };
  });
}

function pullTime(task: Task, until: number): number | undefined {
  if (task.pullStartedAt === undefined) return undefined;
  return Math.max(0, (task.pullStoppedAt ?? until) - task.pullStartedAt);
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}
