import { age, shortAge } from '../text/ages.ts';
import type { Cell, Column, Tone } from '../text/columns.ts';
import { words } from './status-words.ts';
import type { Task } from './task.ts';

const KNOWN = new Set([
  'PROVISIONING',
  'PENDING',
  'ACTIVATING',
  'RUNNING',
  'DEACTIVATING',
  'STOPPING',
  'DEPROVISIONING',
  'STOPPED',
  'DELETED',
]);
const MOVING = new Set(['PROVISIONING', 'PENDING', 'ACTIVATING', 'DEACTIVATING', 'STOPPING', 'DEPROVISIONING']);

/**
 * Whether a task has ended badly: it never started, or a container's exit code is not 0 or not known. Tasks
 * that somebody stopped, or that a service took away when it was scaled or deployed, did not.
 */
export function taskFailed(task: Task): boolean {
  if (task.lastStatus !== 'STOPPED') return false;
  if (task.stopCode === 'TaskFailedToStart') return true;
  if (task.stopCode === 'UserInitiated') return false;
  if (task.stopCode === 'ServiceSchedulerInitiated' && task.stoppedReason?.startsWith('Scaling activity')) return false;
  return task.containers.length === 0 || task.containers.some((container) => container.exitCode !== 0);
}

/** Why a stopped task ended as it did, the container's own words before the task's. */
export function taskReason(task: Task): string | undefined {
  return task.containers.find((container) => container.reason !== undefined)?.reason ?? task.stoppedReason;
}

function statusCell(task: Task): Cell {
  const text = words(task.lastStatus, KNOWN);
  if (task.lastStatus === 'STOPPED') return { text, tone: taskFailed(task) ? 'error' : 'dim' };
  const tone: Tone = task.lastStatus === 'RUNNING' ? 'ok' : MOVING.has(task.lastStatus) ? 'running' : 'plain';
  return { text, tone };
}

function exitCell(task: Task): Cell {
  const codes = task.containers.flatMap((container) => (container.exitCode === undefined ? [] : [container.exitCode]));
  const worst = codes.find((code) => code !== 0) ?? codes[0];
  if (worst !== undefined)
    return { text: String(worst), tone: worst === 0 ? 'ok' : taskFailed(task) ? 'error' : 'warn' };
  return { text: '-', tone: taskFailed(task) ? 'error' : 'dim' };
}

/** How long it has run, or ran. */
function duration(task: Task, now: number): number | undefined {
  const began = task.startedAt ?? task.createdAt;
  if (began === undefined) return undefined;
  const ended = task.lastStatus === 'STOPPED' ? (task.executionStoppedAt ?? task.stoppedAt) : now;
  return ended === undefined ? undefined : Math.max(0, ended - began);
}

/** Longer sorts higher; what still runs is longer than all that ended. */
function durationKey(task: Task): number {
  const began = task.startedAt ?? task.createdAt;
  if (began === undefined) return -1;
  return task.lastStatus === 'STOPPED' ? (duration(task, began) ?? -1) : Number.MAX_SAFE_INTEGER - began;
}

/** Columns of a cluster's tasks. */
export const taskColumns: readonly Column<Task>[] = [
  {
    id: 'task',
    title: 'TASK',
    priority: 1,
    maxWidth: 36,
    enough: 13,
    cell: (task) => ({ text: task.id, tone: 'accent' }),
  },
  { id: 'status', title: 'STATUS', priority: 1, cell: statusCell, sortKey: (task) => task.lastStatus },
  {
    id: 'definition',
    title: 'TASK DEFINITION',
    priority: 1,
    maxWidth: 48,
    cell: (task) => ({ text: task.revision === undefined ? task.family : `${task.family}:${task.revision}` }),
  },
  { id: 'exit', title: 'EXIT', priority: 2, align: 'right', cell: exitCell },
  {
    id: 'duration',
    title: 'DURATION',
    priority: 4,
    align: 'right',
    cell: (task, now) => {
      const taken = duration(task, now);
      return taken === undefined ? { text: '-', tone: 'dim' } : { text: age(taken) };
    },
    sortKey: durationKey,
  },
  {
    id: 'created',
    title: 'CREATED',
    priority: 3,
    align: 'right',
    cell: (task, now) =>
      task.createdAt === undefined ? { text: '-', tone: 'dim' } : { text: shortAge(now - task.createdAt) },
    sortKey: (task) => task.createdAt ?? 0,
  },
  {
    id: 'capacity',
    title: 'CAPACITY',
    priority: 5,
    cell: (task) => ({ text: task.capacityProvider ?? task.launchType ?? '-' }),
  },
  {
    id: 'size',
    title: 'CPU/MEM',
    priority: 6,
    cell: (task) => ({
      text: task.cpu === '' && task.memory === '' ? '-' : `${task.cpu || '?'}/${task.memory || '?'}`,
    }),
  },
  {
    id: 'startedBy',
    title: 'STARTED BY',
    priority: 7,
    maxWidth: 32,
    cell: (task) => ({ text: task.startedBy ?? '-' }),
  },
  {
    id: 'reason',
    title: 'REASON',
    priority: 4,
    maxWidth: 60,
    cell: (task) => ({ text: taskReason(task) ?? '', tone: taskFailed(task) ? 'error' : 'dim' }),
  },
];

/** What is wrong with a task, in one line. */
export function taskAttention(task: Task, now: number): string | undefined {
  if (!taskFailed(task)) return undefined;
  const when = task.stoppedAt === undefined ? '' : ` ${shortAge(now - task.stoppedAt)} ago`;
  const code = task.containers.find(
    (container) => container.exitCode !== undefined && container.exitCode !== 0,
  )?.exitCode;
  const exit = code === undefined ? (task.stopCode ?? 'stopped') : `exit ${code}`;
  return `${task.family || task.id}: ${exit}${when}: ${taskReason(task) ?? 'no reason given'}`;
}
