import type { Region } from '../region.ts';
import { containerEnvironment } from './environment.ts';
import { isIngestionImage } from './image.ts';
import type { Task, TaskContainer, TaskStatus } from './model.ts';
import type { Program } from './programs/program.ts';
import { startProgram } from './programs/start.ts';
import { pullFailure, resourceFailure, type StartFailure } from './start-failure.ts';

/** What a stopped task is told as its reason when a container ended it. */
const EXITED = 'Essential container in task exited';

/**
 * A task's life on the region's clock, with the times that Fargate takes: an interface first, then secrets,
 * log driver and image, then the containers until an essential one ends or somebody stops it.
 */
export class TaskLife {
  readonly #region: Region;
  readonly #task: Task;
  readonly #changed: () => void;
  readonly #programs = new Map<TaskContainer, Program>();
  readonly #kills: (() => void)[] = [];
  #next: () => void = () => {};

  constructor(region: Region, task: Task, changed: () => void) {
    this.#region = region;
    this.#task = task;
    this.#changed = changed;
  }

  /** From PROVISIONING on. */
  start(): void {
    this.#after(8_000, 12_000, () => this.#place());
  }

  /** Takes up a task that was seeded as RUNNING; its containers began `task.startedAt`. */
  resume(): void {
    for (const container of this.#task.containers) this.#run(container);
    this.#interruptSpot();
  }

  /** Ends the task, whatever it is doing. */
  stop(stopCode: string, reason: string): void {
    if (this.#task.desiredStatus === 'STOPPED') return;
    const ran = this.#task.lastStatus === 'RUNNING' || this.#task.lastStatus === 'ACTIVATING';
    this.#beginStop(stopCode, reason);
    if (!ran) {
      this.#next();
      this.#deprovision();
      return;
    }
    this.#set('DEACTIVATING');
    this.#after(800, 1_600, () => this.#stopContainers());
  }

  /** Ends programs without a trace, as the region closes. */
  close(): void {
    this.#next();
    for (const kill of this.#kills) kill();
    for (const program of this.#programs.values()) program.kill();
    this.#programs.clear();
  }

  /** Runs `action` after a seeded time between two numbers of ms; only one such is outstanding. */
  #after(low: number, high: number, action: () => void): void {
    this.#next = this.#region.clock.after(low + this.#region.random() * (high - low), action);
  }

  #set(status: TaskStatus): void {
    this.#task.lastStatus = status;
    this.#task.version++;
    this.#changed();
  }

  #place(): void {
    const { network, definition } = this.#task;
    const now = this.#region.clock.now();
    if (network !== undefined && network.networkInterface === undefined) {
      network.networkInterface = this.#region.ec2.attachInterface({
        subnetId: network.subnet,
        groups: network.securityGroups,
        description: `arn:aws:ecs:${this.#region.name}:${this.#region.account}:attachment/${network.attachmentId}`,
        requesterId: this.#region.account,
        publicIp: network.assignPublicIp,
      });
    }
    this.#task.connectivityAt = now;
    this.#set('PENDING');
    const large = definition.containers.some(({ image }) => isIngestionImage(image));
    this.#after(2_000, 5_000, () => this.#prepare(large));
  }

  #prepare(large: boolean): void {
    const failure = resourceFailure(this.#region, this.#task);
    if (failure !== undefined) {
      this.#failToStart(failure);
      return;
    }
    this.#task.pullStartedAt = this.#region.clock.now();
    this.#task.version++;
    this.#changed();
    const pull = pullFailure(this.#region, this.#task);
    if (pull !== undefined) {
      this.#after(3_000, 9_000, () => {
        this.#task.pullStoppedAt = this.#region.clock.now();
        this.#failToStart(pull);
      });
    } else if (large) {
      this.#after(22_000, 36_000, () => this.#activate());
    } else {
      this.#after(4_000, 11_000, () => this.#activate());
    }
  }

  #activate(): void {
    this.#task.pullStoppedAt = this.#region.clock.now();
    for (const container of this.#task.containers) {
      container.imageDigest = `sha256:${this.#region.hex(64)}`;
      container.runtimeId = `${this.#task.id}-${Math.floor(this.#region.random() * 9e9 + 1e9)}`;
    }
    this.#set('ACTIVATING');
    this.#after(800, 2_200, () => {
      this.#task.startedAt = this.#region.clock.now();
      for (const container of this.#task.containers) container.lastStatus = 'RUNNING';
      this.#set('RUNNING');
      this.resume();
    });
  }

  #run(container: TaskContainer): void {
    const task = this.#task;
    const program = startProgram({
      region: this.#region,
      task,
      container: container.definition,
      environment: containerEnvironment(this.#region, task, container.definition),
      startedAt: task.startedAt ?? this.#region.clock.now(),
      exited: (code, reason) => this.#exited(container, code, reason),
    });
    // A program that could not start has said so already.
    if (container.lastStatus === 'RUNNING') this.#programs.set(container, program);
  }

  #exited(container: TaskContainer, code: number | undefined, reason: string | undefined): void {
    if (container.lastStatus === 'STOPPED') return;
    container.lastStatus = 'STOPPED';
    container.exitCode = code;
    container.reason = reason;
    this.#programs.delete(container);
    if (this.#task.desiredStatus === 'STOPPED') {
      if (this.#task.lastStatus === 'STOPPING' && this.#programs.size === 0) this.#containersStopped();
      return;
    }
    if (!container.definition.essential) {
      this.#task.version++;
      this.#changed();
      return;
    }
    if (code === undefined) {
      this.#beginStop('TaskFailedToStart', reason ?? 'Task failed to start');
    } else {
      this.#beginStop('EssentialContainerExited', EXITED);
    }
    this.#task.executionStoppedAt = this.#region.clock.now();
    this.#set('DEACTIVATING');
    this.#after(400, 1_200, () => this.#stopContainers());
  }

  #interruptSpot(): void {
    const { capacityProvider, tags, definition } = this.#task;
    const asked = tags.get('demo:spot') ?? definition.tags.get('demo:spot');
    if (capacityProvider !== 'FARGATE_SPOT' || asked !== 'interrupted') return;
    this.#kills.push(
      this.#region.clock.after(45_000, () => this.stop('SpotInterruption', 'Your Spot Task was interrupted.')),
    );
  }

  #failToStart({ reason, container: name }: StartFailure): void {
    for (const container of this.#task.containers) {
      container.lastStatus = 'STOPPED';
      if (container.definition.name === name) container.reason = reason;
    }
    this.#beginStop('TaskFailedToStart', reason);
    this.#deprovision();
  }

  #beginStop(stopCode: string, reason: string): void {
    const task = this.#task;
    task.desiredStatus = 'STOPPED';
    task.stopCode = stopCode;
    task.stoppedReason = reason;
    task.stoppingAt = this.#region.clock.now();
    this.#next();
  }

  #stopContainers(): void {
    this.#set('STOPPING');
    if (this.#programs.size === 0) {
      this.#containersStopped();
      return;
    }
    for (const [container, program] of [...this.#programs]) {
      this.#kills.push(
        this.#region.clock.after(container.definition.stopTimeout * 1000, () => this.#programs.get(container)?.kill()),
      );
      program.terminate();
    }
  }

  #containersStopped(): void {
    for (const kill of this.#kills.splice(0)) kill();
    this.#task.executionStoppedAt ??= this.#region.clock.now();
    this.#after(500, 1_500, () => this.#deprovision());
  }

  #deprovision(): void {
    for (const container of this.#task.containers) container.lastStatus = 'STOPPED';
    this.#set('DEPROVISIONING');
    this.#after(8_000, 14_000, () => {
      this.#task.stoppedAt = this.#region.clock.now();
      const attached = this.#task.network?.networkInterface;
      if (attached !== undefined) this.#region.ec2.releaseInterface(attached.networkInterfaceId);
      this.#set('STOPPED');
    });
  }
}
