import type { Region } from '../region.ts';
import { AwsError, type Call, type Caller, type Input, type Operations } from '../service.ts';
import { arn as arnOf, clusterArn } from '../world/names.ts';
import type { NewDefinition } from './definitions.ts';
import { invalidParameter } from './errors.ts';
import { TaskLife } from './life.ts';
import type { Cluster, Task, TaskDefinition, TaskListener } from './model.ts';
import { ecsOperations } from './operations.ts';
import { taskDefinitionReference } from './references.ts';
import { runTask, type TaskRequest } from './run-task.ts';
import { type Service, ServiceScheduler } from './scheduler.ts';
import type { PastRun, PastRuns } from './world/ingestions.ts';
import { seedEcs } from './world.ts';

/** Stopped tasks can be read for an hour. */
const KEPT = 3_600_000;

/** What a seeded task has that one just started has not. */
export interface SeededTask {
  readonly id?: string;
  readonly createdAt?: number;
}

interface Remembered {
  readonly parameters: string;
  readonly tasks: readonly Task[];
  readonly at: number;
}

/** Amazon ECS on Fargate: clusters, services, task definitions, and tasks that live. */
export class EcsService {
  readonly operations: Operations = ecsOperations;
  readonly region: Region;
  readonly scheduler: ServiceScheduler;
  /** What the ingestions did before the region started; there once it has. */
  history: PastRuns | undefined;
  readonly #clusters = new Map<string, Cluster>();
  readonly #definitions = new Map<string, TaskDefinition[]>();
  readonly #tasks = new Map<string, Task>();
  readonly #lives = new Map<Task, TaskLife>();
  readonly #tokens = new Map<string, Remembered>();
  readonly #listeners = new Set<TaskListener>();

  constructor(region: Region) {
    this.region = region;
    this.scheduler = new ServiceScheduler(this);
  }

  /** Makes what the world holds at the start. */
  start(): void {
    this.region.onClose(() => {
      for (const life of this.#lives.values()) life.close();
    });
    seedEcs(this);
  }

  /**
   * RunTask for a part of the region that acts as `caller`, such as a DAG's task as its execution role. Throws
   * as the operation does, AccessDeniedException among it; answers `{ tasks, failures }` as the wire has them.
   */
  runTask(input: Input, caller: Caller): unknown {
    return runTask(input, this.callOf(caller, 'RunTask'));
  }

  /** A call of an operation that came by no wire. */
  callOf(caller: Caller, operation: string): Call {
    return {
      region: this.region,
      caller,
      operation,
      id: this.region.uuid(),
      authorize: (action, resource, context = {}) => {
        if (this.region.iam.decide(caller, action, resource, context) === 'allowed') return;
        const because = `because no identity-based policy allows the ${action} action`;
        throw new AwsError(
          'AccessDeniedException',
          `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} ${because}`,
        );
      },
    };
  }

  /** Tells `listener` of each change of any task's status; the answer ends that. */
  onTaskChange(listener: TaskListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Runs of the ECS ingestions that began before the region started, oldest first. */
  get pastRuns(): readonly PastRun[] {
    return this.history?.all() ?? [];
  }

  clusters(): readonly Cluster[] {
    return [...this.#clusters.values()];
  }

  cluster(name: string): Cluster | undefined {
    return this.#clusters.get(name);
  }

  addCluster(cluster: Omit<Cluster, 'arn' | 'createdAt' | 'status'>): Cluster {
    const added: Cluster = {
      ...cluster,
      arn: clusterArn(cluster.name),
      createdAt: this.region.clock.now(),
      status: 'ACTIVE',
    };
    this.#clusters.set(added.name, added);
    return added;
  }

  service(cluster: string, name: string): Service | undefined {
    return this.scheduler.service(cluster, name);
  }

  servicesOf(cluster: string): readonly Service[] {
    return this.scheduler.servicesOf(cluster);
  }

  /** Every revision of every family, oldest first within its family. */
  definitions(): TaskDefinition[] {
    return [...this.#definitions.keys()].sort().flatMap((family) => this.#definitions.get(family) ?? []);
  }

  /** A revision by ARN, `family:revision`, or `family` for the newest active one. */
  definition(reference: string): TaskDefinition | undefined {
    const parsed = taskDefinitionReference(reference);
    if (parsed === undefined) return undefined;
    const revisions = this.#definitions.get(parsed.family) ?? [];
    return parsed.revision === undefined
      ? revisions.findLast(({ status }) => status === 'ACTIVE')
      : revisions.find(({ revision }) => revision === parsed.revision);
  }

  /** Adds a revision to its family. Numbers are never given twice. */
  addDefinition(
    definition: NewDefinition,
    by: { readonly registeredBy: string; readonly registeredAt?: number },
  ): TaskDefinition {
    const revisions = this.#definitions.get(definition.family) ?? [];
    const revision = (revisions.at(-1)?.revision ?? 0) + 1;
    const added: TaskDefinition = {
      ...definition,
      revision,
      arn: arnOf('ecs', `task-definition/${definition.family}:${revision}`),
      status: 'ACTIVE',
      registeredAt: by.registeredAt ?? this.region.clock.now(),
      registeredBy: by.registeredBy,
      deregisteredAt: undefined,
    };
    this.#definitions.set(definition.family, [...revisions, added]);
    return added;
  }

  /** Forgets a revision that is being deleted, an hour from now. */
  deleteDefinition(definition: TaskDefinition): void {
    this.region.clock.after(KEPT, () => {
      const revisions = this.#definitions.get(definition.family) ?? [];
      // The last one stays as a mark, so that its number isn't given again.
      this.#definitions.set(
        definition.family,
        revisions.filter((each) => each !== definition || each === revisions.at(-1)),
      );
    });
  }

  /** The tasks of a cluster, those that stopped more than an hour ago left out. */
  tasksOf(cluster: string): readonly Task[] {
    this.#forget();
    return [...this.#tasks.values()].filter((task) => task.cluster.name === cluster);
  }

  task(cluster: string, id: string): Task | undefined {
    this.#forget();
    const task = this.#tasks.get(id);
    return task?.cluster.name === cluster ? task : undefined;
  }

  /** Makes a task and lets it live. */
  startTask(request: TaskRequest): Task {
    const task = this.addTask(request);
    const life = this.#life(task);
    life.start();
    return task;
  }

  /** Lets a seeded task that is RUNNING go on. */
  resumeTask(task: Task): void {
    this.#life(task).resume();
  }

  /** Ends a task; nothing for one that is stopping already. */
  stopTask(task: Task, stopCode: string, reason: string): void {
    this.#lives.get(task)?.stop(stopCode, reason);
  }

  /** Makes a task without a life of its own: PROVISIONING, or what the seeding then makes of it. */
  addTask(request: TaskRequest, seeded: SeededTask = {}): Task {
    const { region } = this;
    const id = seeded.id ?? region.hex(32);
    const now = seeded.createdAt ?? region.clock.now();
    const { network, ...rest } = request;
    const subnet = network.subnets[Math.floor(region.random() * network.subnets.length)];
    const task: Task = {
      ...rest,
      id,
      arn: `${request.cluster.arn.replace(':cluster/', ':task/')}/${id}`,
      tags: new Map(request.tags),
      network:
        subnet === undefined
          ? undefined
          : { ...network, subnet, attachmentId: region.uuid(), networkInterface: undefined },
      availabilityZone: region.ec2.subnets.get(subnet ?? '')?.availabilityZone ?? `${region.name}a`,
      containers: request.definition.containers.map((definition) => ({
        definition,
        id: region.uuid(),
        lastStatus: 'PENDING',
        runtimeId: undefined,
        imageDigest: undefined,
        exitCode: undefined,
        reason: undefined,
      })),
      createdAt: now,
      // The control plane is eventually consistent: a new task may be MISSING for a moment.
      visibleAt: now + (region.random() < 0.5 ? 0 : Math.floor(region.random() * 1_500)),
      lastStatus: 'PROVISIONING',
      desiredStatus: 'RUNNING',
      version: 1,
      connectivityAt: undefined,
      pullStartedAt: undefined,
      pullStoppedAt: undefined,
      startedAt: undefined,
      stoppingAt: undefined,
      executionStoppedAt: undefined,
      stoppedAt: undefined,
      stopCode: undefined,
      stoppedReason: undefined,
    };
    this.#tasks.set(id, task);
    return task;
  }

  /** The tasks that a client token started before: undefined for none, `conflict` when other parameters did. */
  tasksOfToken(cluster: Cluster, token: string, input: Input): readonly Task[] | 'conflict' | undefined {
    const known = this.#tokens.get(`${cluster.name}\n${token}`);
    if (known === undefined) return undefined;
    return known.parameters === canonical(input) ? known.tasks : 'conflict';
  }

  /** The ARNs of the tasks that a client token started. */
  tokenTasks(cluster: Cluster, token: string): readonly string[] {
    return this.#tokens.get(`${cluster.name}\n${token}`)?.tasks.map(({ arn }) => arn) ?? [];
  }

  rememberToken(cluster: Cluster, token: string, input: Input, tasks: readonly Task[]): void {
    this.#tokens.set(`${cluster.name}\n${token}`, { parameters: canonical(input), tasks, at: this.region.clock.now() });
  }

  /** The tags of what an ARN names; undefined when there is nothing. */
  tagsOf(arn: string): Map<string, string> | undefined {
    const [, kind = '', path = ''] = /^arn:aws:ecs:[^:]*:\d*:([a-z-]+)\/(.+)$/.exec(arn) ?? [];
    const [first = '', second = ''] = path.split('/');
    switch (kind) {
      case 'cluster':
        return this.cluster(first)?.tags;
      case 'service':
        return this.service(first, second)?.tags;
      case 'task':
        return this.task(first, second)?.tags;
      case 'task-definition':
        return this.definition(arn)?.tags;
      default:
        throw invalidParameter('Invalid resource ARN.');
    }
  }

  #life(task: Task): TaskLife {
    const life = new TaskLife(this.region, task, () => {
      if (task.lastStatus === 'STOPPED') this.#lives.delete(task);
      for (const listener of [...this.#listeners]) listener(task);
      this.scheduler.taskChanged(task);
    });
    this.#lives.set(task, life);
    return life;
  }

  #forget(): void {
    const before = this.region.clock.now() - KEPT;
    for (const task of this.#tasks.values()) {
      if (task.stoppedAt !== undefined && task.stoppedAt < before) this.#tasks.delete(task.id);
    }
    for (const [key, { at }] of this.#tokens) if (at < before - 23 * KEPT) this.#tokens.delete(key);
  }
}

/** A request's JSON with its keys in one order, to tell equal ones. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
