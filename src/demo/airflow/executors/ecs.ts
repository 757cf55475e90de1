import { isStructure } from '../../members.ts';
import { AwsError, type Input } from '../../service.ts';
import { stableUuid } from '../../world/named-uuid.ts';
import { pythonVersion } from '../python/modules.ts';
import { known, plain, repr, seconds, type Value } from '../python/values.ts';
import { RoleSession } from '../role-session.ts';
import { type Frame, sitePackages, TaskError } from '../task-error.ts';
import { ORIGINS } from '../task-log.ts';
import { render } from '../template.ts';
import type { TaskContext } from './execute.ts';
import { clientError } from './ingestion.ts';

/** Arguments whose value the operator sends on, by their name in RunTask. */
const SENT: readonly (readonly [argument: string, member: string])[] = [
  ['cluster', 'cluster'],
  ['task_definition', 'taskDefinition'],
  ['overrides', 'overrides'],
  ['capacity_provider_strategy', 'capacityProviderStrategy'],
  ['group', 'group'],
  ['network_configuration', 'networkConfiguration'],
  ['placement_constraints', 'placementConstraints'],
  ['placement_strategy', 'placementStrategy'],
  ['platform_version', 'platformVersion'],
  ['propagate_tags', 'propagateTags'],
];

/**
 * EcsRunTaskOperator: RunTask as the environment's execution role, DescribeTasks every `waiter_delay` until the
 * task has stopped, its log into the task's own, and its exit judged as the operator does
 * (providers/amazon, operators/ecs.py). The answer kills the task, as `on_kill` does.
 */
export function executeEcs(context: TaskContext): () => void {
  return new EcsRun(context).start();
}

class EcsRun {
  readonly #context: TaskContext;
  readonly #session: RoleSession;
  readonly #timers = new Set<() => void>();
  readonly #arguments: ReadonlyMap<string, unknown>;
  #cluster = 'default';
  #arn = '';
  #nextToken: string | undefined;
  #lines: string[] = [];

  constructor(context: TaskContext) {
    this.#context = context;
    this.#session = new RoleSession(context.host.region, context.host.executionRole, 'AmazonMWAA-airflow');
    const { keywords } = context.instance.definition;
    this.#arguments = new Map([...keywords].map(([name, value]) => [name, render(plain(value), context)]));
  }

  start(): () => void {
    const { log, finish, instance } = this.#context;
    const unknown = SENT.find(([argument]) => !isKnown(instance.definition.keywords.get(argument)));
    if (unknown !== undefined) {
      // Running the file is what would tell the value: the stand-in says so rather than guess.
      finish(
        new TaskError('RuntimeError', `the stand-in of this Airflow can't evaluate ${unknown[0]}=…: it is no constant`),
      );
      return () => {};
    }
    const input = this.#input();
    this.#cluster = String(input.cluster ?? 'default');
    log.write(
      'info',
      ORIGINS.ecs,
      `Running ECS Task - Task definition: ${input.taskDefinition} - on cluster ${this.#cluster}`,
    );
    log.write('info', ORIGINS.ecs, `EcsOperator overrides: ${repr(input.overrides)}`);
    const begun = this.#reattached(input) ?? this.#started(input);
    if (begun instanceof TaskError) {
      finish(begun);
      return () => {};
    }
    this.#arn = begun;
    log.write('info', ORIGINS.ecs, `ECS task ID is: ${this.#id}`);
    instance.xcoms.set('ecs_task_arn', { value: this.#arn, at: this.#context.host.region.clock.now() });
    if (this.#arguments.get('wait_for_completion') === false) {
      finish(undefined);
      return () => {};
    }
    this.#fetchLater();
    this.#pollLater();
    return () => this.#kill();
  }

  /** The task that an earlier try left running, with `reattach`; `startedBy` tells the tries of a task by. */
  #reattached(input: Input): string | TaskError | undefined {
    if (this.#arguments.get('reattach') !== true) return undefined;
    try {
      const { startedBy } = input;
      const wanted = { cluster: this.#cluster, desiredStatus: 'RUNNING', startedBy };
      const { taskArns } = this.#session.invoke('ecs', 'ListTasks', wanted);
      const [running] = Array.isArray(taskArns) ? taskArns : [];
      if (running === undefined) {
        this.#context.log.write('info', ORIGINS.ecs, 'No active previously launched task found to reattach');
        return undefined;
      }
      this.#context.log.write('info', ORIGINS.ecs, `Reattaching previously launched task: ${running}`);
      return String(running);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return clientError(
        error,
        'ListTasks',
        this.#frames('_try_reattach_task', 'list_tasks_resp = self.client.list_tasks(…)'),
      );
    }
  }

  #started(input: Input): string | TaskError {
    const { log } = this.#context;
    let answer: Input;
    try {
      answer = this.#session.invoke('ecs', 'RunTask', input);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return clientError(error, 'RunTask', this.#frames('_start_task', 'response = self.client.run_task(**run_opts)'));
    }
    const [task] = Array.isArray(answer.tasks) ? answer.tasks.filter(isStructure) : [];
    const failures = Array.isArray(answer.failures) ? answer.failures : [];
    if (failures.length > 0 || task === undefined) {
      const type = 'airflow.providers.amazon.aws.exceptions.EcsOperatorError';
      return new TaskError(
        type,
        repr(answer),
        this.#frames('_start_task', 'raise EcsOperatorError(failures, response)'),
      );
    }
    const { taskArn, lastStatus } = task;
    log.write('info', ORIGINS.ecs, `ECS Task started: ${repr({ taskArn, lastStatus, cluster: this.#cluster })}`);
    return String(taskArn);
  }

  get #id(): string {
    return this.#arn.slice(this.#arn.lastIndexOf('/') + 1);
  }

  #input(): Input {
    const input: Record<string, unknown> = { startedBy: 'airflow' };
    for (const [argument, member] of SENT) {
      const value = this.#arguments.get(argument);
      if (value !== undefined && value !== null) input[member] = value;
    }
    const { dag, run, instance } = this.#context;
    const [owner = 'airflow'] = dag.definition.owners;
    input.startedBy =
      this.#arguments.get('reattach') === true
        ? stableUuid(`${run.dagId}/${instance.taskId}/${run.runId}`)
        : owner.replace(/[^\w/-]/g, '').slice(0, 36);
    // The operator's launch type is EC2 unless told otherwise; a strategy replaces it.
    if (input.capacityProviderStrategy === undefined) input.launchType = this.#arguments.get('launch_type') ?? 'EC2';
    const tags = this.#arguments.get('tags');
    if (isStructure(tags)) input.tags = Object.entries(tags).map(([key, value]) => ({ key, value }));
    return input;
  }

  #frames(name: string, source: string): Frame[] {
    const site = sitePackages(pythonVersion(this.#context.host.airflowVersion));
    const file = `${site}/airflow/providers/amazon/aws/operators/ecs.py`;
    return [
      { filename: file, lineno: 520, name: 'execute', source: 'self._start_task()' },
      { filename: file, lineno: 621, name, source },
    ];
  }

  #after(ms: number, action: () => void): void {
    const cancel = this.#context.host.region.clock.after(ms, () => {
      this.#timers.delete(cancel);
      action();
    });
    this.#timers.add(cancel);
  }

  #over(error: TaskError | undefined): void {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    this.#context.finish(error);
  }

  #pollLater(): void {
    const delay = this.#arguments.get('waiter_delay');
    this.#after((typeof delay === 'number' ? delay : 6) * 1000, () => this.#poll());
  }

  #poll(): void {
    let answer: Input;
    try {
      answer = this.#describe();
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const source = 'waiter.wait(cluster=self.cluster, tasks=[self.arn], WaiterConfig=…)';
      this.#over(clientError(error, 'DescribeTasks', this.#frames('_wait_for_task_ended', source)));
      return;
    }
    const [task] = Array.isArray(answer.tasks) ? answer.tasks.filter(isStructure) : [];
    if (task?.lastStatus !== 'STOPPED') {
      this.#pollLater();
      return;
    }
    // The fetcher's thread ends only after its interval; the operator waits for it.
    this.#after(this.#logGroup === undefined ? 0 : this.#fetchInterval, () => {
      this.#fetch();
      this.#conclude(task);
    });
  }

  #describe(): Input {
    return this.#session.invoke('ecs', 'DescribeTasks', { cluster: this.#cluster, tasks: [this.#arn] });
  }

  /** `_check_success_task` of the operator. */
  #conclude(task: Input): void {
    const { log, instance } = this.#context;
    log.write(
      'info',
      ORIGINS.ecs,
      `ECS Task stopped, check status: ${repr({ stopCode: task.stopCode, stoppedReason: task.stoppedReason })}`,
    );
    const fail = (type: string, message: string) =>
      this.#over(new TaskError(type, message, this.#frames('_check_success_task', 'raise AirflowException(')));
    if (task.stopCode === 'TaskFailedToStart') {
      fail(
        'airflow.providers.amazon.aws.exceptions.EcsTaskFailToStart',
        `The task failed to start due to: ${task.stoppedReason}`,
      );
      return;
    }
    for (const container of Array.isArray(task.containers) ? task.containers.filter(isStructure) : []) {
      const reason = typeof container.reason === 'string' ? container.reason : '';
      if (container.lastStatus === 'STOPPED' && container.exitCode !== 0) {
        const count = Number(this.#arguments.get('number_logs_exception') ?? 10);
        const last = this.#lines.slice(-count).join('\n');
        const message =
          this.#logGroup === undefined
            ? `This task is not in success state ${repr({ taskArn: this.#arn, exitCode: container.exitCode, reason })}`
            : `This task is not in success state - last ${count} logs from Cloudwatch:\n${last}`;
        fail('airflow.exceptions.AirflowException', message);
        return;
      }
      if (reason.toLowerCase().includes('error')) {
        fail(
          'airflow.exceptions.AirflowException',
          `This containers encounter an error during launching: ${repr(reason)}`,
        );
        return;
      }
    }
    log.write('info', ORIGINS.ecs, 'ECS Task has been successfully executed');
    if (this.#arguments.get('do_xcom_push') !== false && this.#lines.length > 0) {
      instance.xcoms.set('return_value', { value: this.#lines.at(-1), at: this.#context.host.region.clock.now() });
    }
    this.#over(undefined);
  }

  get #logGroup(): string | undefined {
    const group = this.#arguments.get('awslogs_group');
    return typeof group === 'string' && typeof this.#arguments.get('awslogs_stream_prefix') === 'string'
      ? group
      : undefined;
  }

  get #fetchInterval(): number {
    return (seconds(this.#context.instance.definition.keywords.get('awslogs_fetch_interval')) ?? 30) * 1000;
  }

  #fetchLater(): void {
    if (this.#logGroup === undefined) return;
    this.#after(this.#fetchInterval, () => {
      this.#fetch();
      this.#fetchLater();
    });
  }

  /** New lines of the container's stream, as the operator's log fetcher copies them. */
  #fetch(): void {
    const logGroupName = this.#logGroup;
    if (logGroupName === undefined) return;
    const prefix = String(this.#arguments.get('awslogs_stream_prefix'));
    const container = this.#arguments.get('container_name');
    const whole =
      typeof container === 'string' && !prefix.endsWith(`/${container}`) ? `${prefix}/${container}` : prefix;
    const { log } = this.#context;
    try {
      for (;;) {
        const answer = this.#session.invoke('logs', 'GetLogEvents', {
          logGroupName,
          logStreamName: `${whole}/${this.#id}`,
          startFromHead: true,
          ...(this.#nextToken === undefined ? {} : { nextToken: this.#nextToken }),
        });
        for (const event of Array.isArray(answer.events) ? answer.events.filter(isStructure) : []) {
          const message = String(event.message);
          const at = new Date(Number(event.timestamp)).toISOString().slice(0, 23).replace('T', ' ').replace('.', ',');
          this.#lines.push(message);
          log.write('info', ORIGINS.fetcher, `[${at}] ${message}`);
        }
        const token = answer.nextForwardToken;
        if (typeof token !== 'string' || token === this.#nextToken) return;
        this.#nextToken = token;
      }
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (error.code === 'ResourceNotFoundException') return;
      log.write(
        'warning',
        ORIGINS.fetcher,
        `Error on retrieving Cloudwatch log events: ${error.code}: ${error.message}`,
      );
    }
  }

  #kill(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    try {
      const reason = 'Task killed by the user';
      this.#session.invoke('ecs', 'StopTask', { cluster: this.#cluster, task: this.#arn, reason });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.#context.log.write('error', ORIGINS.ecs, `Could not stop ${this.#arn}: ${error.code}: ${error.message}`);
    }
  }
}

function isKnown(value: Value | undefined): boolean {
  return value === undefined || known(value);
}
