import type { Cluster, Task, TaskDefinition } from './model.ts';
import { clusterName } from './references.ts';
import type { TaskRequest } from './run-task.ts';
import type { EcsService } from './service.ts';

/** One deployment of a service. */
export interface Deployment {
  readonly id: string;
  status: 'PRIMARY' | 'ACTIVE';
  readonly definition: TaskDefinition;
  desiredCount: number;
  failedTasks: number;
  readonly createdAt: number;
  updatedAt: number;
  rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  rolloutStateReason: string;
}

/** Something that happened to a service. */
export interface ServiceEvent {
  readonly id: string;
  readonly createdAt: number;
  readonly message: string;
}

/** A service. */
export interface Service {
  readonly name: string;
  readonly arn: string;
  readonly cluster: Cluster;
  readonly createdAt: number;
  readonly createdBy: string;
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  desiredCount: number;
  /** What its tasks are started with, save the definition. */
  template: Omit<TaskRequest, 'definition' | 'cpu' | 'memory' | 'taskRoleArn' | 'executionRoleArn'>;
  /** Newest first. */
  deployments: Deployment[];
  /** Newest first, a hundred at the most. */
  readonly events: ServiceEvent[];
  readonly enableExecuteCommand: boolean;
  readonly tags: Map<string, string>;
}

/** What a new service needs. */
export type NewService = Pick<
  Service,
  'name' | 'cluster' | 'createdBy' | 'desiredCount' | 'template' | 'enableExecuteCommand' | 'tags'
> & {
  readonly definition: TaskDefinition;
  readonly createdAt?: number;
};

/** Failures in a row before a service is said to be unable to start tasks. */
const CONSISTENTLY = 3;

/** Keeps as many tasks of each service running as it wants, more and more slowly when they fail to start. */
export class ServiceScheduler {
  readonly #ecs: EcsService;
  readonly #services = new Map<string, Service>();
  readonly #waiting = new Map<Service, () => void>();

  constructor(ecs: EcsService) {
    this.#ecs = ecs;
  }

  service(cluster: string, name: string): Service | undefined {
    return this.#services.get(`${clusterName(cluster)}/${name}`);
  }

  servicesOf(cluster: string): readonly Service[] {
    return [...this.#services.values()].filter((service) => service.cluster.name === cluster);
  }

  /** The tasks of a service that aren't on their way out. */
  tasksOf(service: Service): readonly Task[] {
    return this.#ecs
      .tasksOf(service.cluster.name)
      .filter((task) => task.group === `service:${service.name}` && task.desiredStatus === 'RUNNING');
  }

  /** Makes a service; its tasks come with `reconcile`. */
  add(wanted: NewService): Service {
    const now = wanted.createdAt ?? this.#ecs.region.clock.now();
    const { definition, ...rest } = wanted;
    const service: Service = {
      ...rest,
      createdAt: now,
      arn: `${wanted.cluster.arn.replace(':cluster/', ':service/')}/${wanted.name}`,
      status: 'ACTIVE',
      deployments: [this.#deployment(definition, wanted.desiredCount, now)],
      events: [],
    };
    this.#services.set(`${wanted.cluster.name}/${wanted.name}`, service);
    return service;
  }

  /** Changes what a service runs or how many; another definition is a new deployment. */
  update(
    service: Service,
    change: { readonly definition?: TaskDefinition; readonly desiredCount?: number; readonly force?: boolean },
  ): void {
    const primary = service.deployments[0];
    service.desiredCount = change.desiredCount ?? service.desiredCount;
    const definition = change.definition ?? primary?.definition;
    if (definition !== undefined && (definition !== primary?.definition || change.force === true)) {
      for (const deployment of service.deployments) deployment.status = 'ACTIVE';
      service.deployments.unshift(this.#deployment(definition, service.desiredCount, this.#ecs.region.clock.now()));
    } else if (primary !== undefined) {
      primary.desiredCount = service.desiredCount;
      primary.updatedAt = this.#ecs.region.clock.now();
    }
    this.reconcile(service);
  }

  /** Stops a service for good; it stays INACTIVE. */
  remove(service: Service): void {
    service.status = 'DRAINING';
    service.desiredCount = 0;
    this.reconcile(service);
    if (!this.#hasTasks(service)) service.status = 'INACTIVE';
  }

  /** Adds an event to a service. */
  say(service: Service, message: string, createdAt = this.#ecs.region.clock.now()): void {
    service.events.unshift({ id: this.#ecs.region.uuid(), createdAt, message: `(service ${service.name}) ${message}` });
    service.events.length = Math.min(service.events.length, 100);
  }

  /** Starts and stops tasks until a service has what it wants. */
  reconcile(service: Service): void {
    const [primary] = service.deployments;
    if (primary === undefined) return;
    const tasks = this.tasksOf(service);
    const current = tasks.filter(({ startedBy }) => startedBy === primary.id);
    const wanted = service.status === 'ACTIVE' ? service.desiredCount : 0;
    const started = Array.from({ length: Math.max(0, wanted - current.length) }, () => this.#start(service, primary));
    if (started.length > 0) this.say(service, `has started ${started.length} tasks: ${names(started)}.`);
    const settled = current.filter(({ lastStatus }) => lastStatus === 'RUNNING').length >= wanted;
    const surplus = [
      ...current.slice(wanted),
      // Tasks of older deployments go when the new ones run.
      ...(settled ? tasks.filter(({ startedBy }) => startedBy !== primary.id) : []),
    ];
    for (const task of surplus) {
      this.#ecs.stopTask(task, 'ServiceSchedulerInitiated', `Scaling activity initiated by (deployment ${primary.id})`);
    }
    if (surplus.length > 0) this.say(service, `has stopped ${surplus.length} running tasks: ${names(surplus)}.`);
    if (settled && primary.rolloutState === 'IN_PROGRESS' && started.length === 0) {
      primary.rolloutState = 'COMPLETED';
      primary.rolloutStateReason = `ECS deployment ${primary.id} completed.`;
      primary.updatedAt = this.#ecs.region.clock.now();
      service.deployments = [primary];
      this.say(service, `(deployment ${primary.id}) deployment completed.`);
      this.say(service, 'has reached a steady state.');
    }
  }

  /** Hears of each task's changes, and looks after the service that it belongs to. */
  taskChanged(task: Task): void {
    if (!task.group.startsWith('service:')) return;
    const service = this.service(task.cluster.name, task.group.slice(8));
    if (service === undefined) return;
    if (task.lastStatus === 'RUNNING') this.reconcile(service);
    if (task.lastStatus !== 'STOPPED') return;
    const [primary] = service.deployments;
    if (service.status === 'DRAINING' && !this.#hasTasks(service)) service.status = 'INACTIVE';
    if (service.status !== 'ACTIVE' || primary === undefined || task.startedBy !== primary.id) return;
    let wait = 1_000;
    if (task.stopCode === 'TaskFailedToStart') {
      primary.failedTasks++;
      if (primary.failedTasks >= CONSISTENTLY && primary.failedTasks % CONSISTENTLY === 0) {
        this.say(
          service,
          'is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.',
        );
      }
      wait = Math.min(300_000, 10_000 * 2 ** Math.min(primary.failedTasks, 5));
    }
    if (this.#waiting.has(service)) return;
    this.#waiting.set(
      service,
      this.#ecs.region.clock.after(wait, () => {
        this.#waiting.delete(service);
        this.reconcile(service);
      }),
    );
  }

  /** Whether a service still has tasks, those on their way out among them. */
  #hasTasks(service: Service): boolean {
    return this.#ecs
      .tasksOf(service.cluster.name)
      .some(({ group, lastStatus }) => group === `service:${service.name}` && lastStatus !== 'STOPPED');
  }

  #start(service: Service, deployment: Deployment): Task {
    return this.#ecs.startTask(this.requestOf(service, deployment));
  }

  /** What a task of a deployment is started with. */
  requestOf(service: Service, { id, definition }: Deployment): TaskRequest {
    return {
      ...service.template,
      definition,
      startedBy: id,
      cpu: definition.cpu ?? '256',
      memory: definition.memory ?? '512',
      taskRoleArn: definition.taskRoleArn,
      executionRoleArn: definition.executionRoleArn,
    };
  }

  #deployment(definition: TaskDefinition, desiredCount: number, createdAt: number): Deployment {
    const digits = Array.from({ length: 18 }, () => Math.floor(this.#ecs.region.random() * 10)).join('');
    const id = `ecs-svc/7${digits}`;
    return {
      id,
      status: 'PRIMARY',
      definition,
      desiredCount,
      failedTasks: 0,
      createdAt,
      updatedAt: createdAt,
      rolloutState: 'IN_PROGRESS',
      rolloutStateReason: `ECS deployment ${id} in progress.`,
    };
  }
}

const names = (tasks: readonly Task[]): string => tasks.map(({ id }) => `(task ${id})`).join(' ');
