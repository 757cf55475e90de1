import { optionalString, optionalStrings } from '../members.ts';
import type { Call, Input, Operation } from '../service.ts';
import { describeTask } from './describe-task.ts';
import { clusterNotFound, invalidParameter, serviceNotFound } from './errors.ts';
import type { Cluster, Task } from './model.ts';
import { page } from './pages.ts';
import { clusterName, clusterOfTask, serviceName, taskId } from './references.ts';

/** The active cluster that an operation names; `default` when it names none. */
export function namedCluster(input: Input, call: Call): Cluster {
  const cluster = call.region.ecs.cluster(clusterName(optionalString(input, 'cluster') ?? 'default'));
  if (cluster === undefined || cluster.status !== 'ACTIVE') throw clusterNotFound();
  return cluster;
}

/** DescribeTasks: up to 100; a task not known, gone for an hour or only just started is MISSING. */
export const describeTasks: Operation = (input, call) => {
  const cluster = namedCluster(input, call);
  const references = optionalStrings(input, 'tasks') ?? [];
  if (references.length === 0) throw invalidParameter('Tasks cannot be empty.');
  if (references.length > 100) throw invalidParameter('Tasks cannot have more than 100 elements');
  const include = optionalStrings(input, 'include') ?? [];
  const tasks: unknown[] = [];
  const failures: unknown[] = [];
  for (const reference of references) {
    const id = taskId(reference);
    const arn = `${cluster.arn.replace(':cluster/', ':task/')}/${id}`;
    call.authorize('ecs:DescribeTasks', arn, { 'ecs:cluster': cluster.arn });
    const task = inCluster(reference, cluster) ? call.region.ecs.task(cluster.name, id) : undefined;
    if (task === undefined || task.visibleAt > call.region.clock.now()) failures.push({ arn, reason: 'MISSING' });
    else tasks.push(describeTask(task, include));
  }
  return { tasks, failures };
};

const inCluster = (reference: string, cluster: Cluster): boolean =>
  (clusterOfTask(reference) ?? cluster.name) === cluster.name;

const STATUSES: readonly string[] = ['RUNNING', 'PENDING', 'STOPPED'];

/** ListTasks: those that are to run, unless STOPPED ones are asked for; PENDING lists nothing. */
export const listTasks: Operation = (input, call) => {
  const cluster = namedCluster(input, call);
  call.authorize('ecs:ListTasks', '*', { 'ecs:cluster': cluster.arn });
  const family = optionalString(input, 'family');
  const startedBy = optionalString(input, 'startedBy');
  const service = optionalString(input, 'serviceName');
  const desired = optionalString(input, 'desiredStatus') ?? 'RUNNING';
  const launchType = optionalString(input, 'launchType');
  if (!STATUSES.includes(desired)) throw invalidParameter(`Invalid desired status ${desired}.`);
  if (startedBy !== undefined && (family !== undefined || service !== undefined)) {
    throw invalidParameter('When startedBy is specified, it must be the only filter.');
  }
  if (family !== undefined && service !== undefined)
    throw invalidParameter('Cannot specify both family and serviceName.');
  if (service !== undefined && call.region.ecs.service(cluster.name, serviceName(service)) === undefined) {
    throw serviceNotFound();
  }
  if (optionalString(input, 'containerInstance') !== undefined) return { taskArns: [] };
  const now = call.region.clock.now();
  const tasks = call.region.ecs
    .tasksOf(cluster.name)
    .filter((task) => task.visibleAt <= now && task.desiredStatus === desired)
    .filter((task) => family === undefined || task.definition.family === family)
    .filter((task) => startedBy === undefined || task.startedBy === startedBy)
    .filter((task) => service === undefined || task.group === `service:${serviceName(service)}`)
    .filter((task) => launchType === undefined || task.launchType === launchType);
  return page(
    input,
    'taskArns',
    tasks.map(({ arn }) => arn),
  );
};

/** StopTask: SIGTERM now, SIGKILL after each container's stop time-out. */
export const stopTask: Operation = (input, call) => {
  const cluster = namedCluster(input, call);
  const reference = optionalString(input, 'task') ?? '';
  const id = taskId(reference);
  call.authorize('ecs:StopTask', `${cluster.arn.replace(':cluster/', ':task/')}/${id}`, { 'ecs:cluster': cluster.arn });
  const reason = optionalString(input, 'reason');
  if (reason !== undefined && reason.length > 255) throw invalidParameter('reason can have at most 255 characters.');
  const task: Task | undefined = inCluster(reference, cluster) ? call.region.ecs.task(cluster.name, id) : undefined;
  if (task === undefined) throw invalidParameter('The referenced task was not found.');
  call.region.ecs.stopTask(task, 'UserInitiated', reason ?? 'Task stopped by user');
  return { task: describeTask(task) };
};
