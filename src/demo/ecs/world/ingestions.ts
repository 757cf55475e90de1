import type { StreamSource } from '../../logs/event.ts';
import { periodOf, runTimes } from '../../logs/history/dags.ts';
import { runTime } from '../../logs/history/time.ts';
import { hash, Random } from '../../logs/random.ts';
import { GeneratedStream } from '../../logs/streams.ts';
import { stableUuid } from '../../world/named-uuid.ts';
import {
  INGESTION_CLUSTER,
  INGESTION_CONTAINER,
  INGESTION_LOG_GROUP,
  INGESTION_LOG_STREAM_PREFIX,
  INGESTIONS,
  OPENMETADATA_VERSION,
  PRIVATE_SUBNETS,
  type SeededIngestion,
  secretName,
  taskDefinitionFamily,
} from '../../world/names.ts';
import { readConfig, type WorkflowConfig } from '../ingestion/config.ts';
import { ingestionScript, type Script } from '../ingestion/script.ts';
import { readOverrides, type TaskRequest } from '../run-task.ts';
import type { EcsService } from '../service.ts';
import { type SeededEnd, seededRequest, seedRunning, seedStopped } from './seeded-task.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** How far back the runs of the ingestions go. */
const HISTORY = 26 * HOUR;
/** Airflow tries a failed task once more after this time. */
const RETRY_DELAY = 5 * MINUTE;

/** A run of an ingestion that began before the region's start: what Airflow, ECS and the logs have of it agrees. */
export interface PastRun {
  readonly environment: string;
  readonly dagId: string;
  /** Airflow's id of the run; both tries of a run have the same. */
  readonly runId: string;
  /** When Airflow began it, ms since the epoch. */
  readonly dueAt: number;
  readonly attempt: number;
  readonly trigger: 'scheduled' | 'manual';
  readonly taskId: string;
  /** When the task was RUNNING, and when its container ended; undefined while it runs. */
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  readonly exitCode: number | undefined;
  /** True when somebody stopped the task. */
  readonly stopped: boolean;
}

/**
 * The runs of the ECS ingestions before the region's start: those of their schedules, the second tries of the
 * failing one, and three that somebody triggered within the last hour, one of them still running. What is older
 * than the tasks that ECS still has is worked out when it is first asked for.
 */
export class PastRuns {
  readonly #ecs: EcsService;
  readonly #now: number;
  /** Configurations as the secrets held them at the start, and as they are read. */
  readonly #texts = new Map<SeededIngestion, string>();
  readonly #configurations = new Map<SeededIngestion, WorkflowConfig>();
  #all: readonly PastRun[] | undefined;

  constructor(ecs: EcsService) {
    this.#ecs = ecs;
    this.#now = ecs.region.clock.now();
    for (const ingestion of INGESTIONS) {
      const { environment, dagId, mode } = ingestion;
      if (mode === 'ecs') this.#texts.set(ingestion, ecs.region.secrets.value(secretName(environment, dagId)) ?? '');
    }
  }

  /** Every run of the last 26 hours, oldest first. */
  all(): readonly PastRun[] {
    this.#all ??= this.since(this.#now - HISTORY);
    return this.#all;
  }

  /** The runs that Airflow began at `from` or later, oldest first. */
  since(from: number): readonly PastRun[] {
    const runs: PastRun[] = [];
    for (const ingestion of this.#texts.keys()) runs.push(...this.#scheduled(ingestion, from));
    const now = this.#now;
    const manual = (dagId: string, ago: number, more: Partial<PastRun> = {}): void => {
      const ingestion = INGESTIONS.find((each) => each.dagId === dagId);
      const runId = `manual__${runTime(now - ago)}`;
      if (ingestion === undefined) return;
      runs.push({ ...this.#run(ingestion, { dueAt: now - ago, runId, attempt: 1, trigger: 'manual' }), ...more });
    };
    manual('postgres_usage', 47 * MINUTE, { stopped: true, exitCode: 143, endedAt: now - 44 * MINUTE });
    manual('looker_metadata', 22 * MINUTE);
    manual('snowflake_metadata', 90_000, { startedAt: now - 31_000, endedAt: undefined, exitCode: undefined });
    return runs.sort((a, b) => a.dueAt - b.dueAt);
  }

  /** What a run's container printed. */
  script({
    environment,
    dagId,
    taskId,
    startedAt,
  }: Pick<PastRun, 'environment' | 'dagId' | 'taskId' | 'startedAt'>): Script {
    const ingestion = INGESTIONS.find((each) => each.environment === environment && each.dagId === dagId);
    const seed = this.#ecs.region.options.seed ?? 1;
    return ingestionScript(this.#configuration(ingestion), {
      pipelineType: ingestion?.pipelineType ?? 'metadata',
      seed,
      runSeed: hash(seed, taskId),
      startedAt,
      clientVersion: `${OPENMETADATA_VERSION}.0`,
      serverVersion: OPENMETADATA_VERSION,
    });
  }

  #configuration(ingestion: SeededIngestion | undefined): WorkflowConfig {
    const known = ingestion === undefined ? undefined : this.#configurations.get(ingestion);
    if (known !== undefined) return known;
    const config = readConfig(ingestion === undefined ? '' : (this.#texts.get(ingestion) ?? ''));
    if (ingestion !== undefined) this.#configurations.set(ingestion, config);
    return config;
  }

  *#scheduled(ingestion: SeededIngestion, from: number): Generator<PastRun> {
    // The run before may have had its second try since.
    for (const dueAt of runTimes(periodOf(ingestion.schedule), from - 15 * MINUTE, this.#now - 4 * MINUTE)) {
      const runId = `scheduled__${runTime(dueAt - logicalLag(ingestion))}`;
      const first = this.#run(ingestion, { dueAt, runId, attempt: 1, trigger: 'scheduled' });
      const ended = first.endedAt ?? 0;
      if (ended > this.#now - 20_000) continue;
      if (dueAt >= from) yield first;
      const again = ended + RETRY_DELAY;
      if (ingestion.failing && again >= from && again < this.#now - 3 * MINUTE) {
        yield this.#run(ingestion, { dueAt: again, runId, attempt: 2, trigger: 'scheduled' });
      }
    }
  }

  #run(ingestion: SeededIngestion, when: Pick<PastRun, 'dueAt' | 'runId' | 'attempt' | 'trigger'>): PastRun {
    const { environment, dagId } = ingestion;
    const random = new Random(hash(this.#ecs.region.options.seed ?? 1, environment, dagId, when.dueAt, when.trigger));
    const taskId = random.hex(32);
    const startedAt = Math.floor(when.dueAt + random.between(50_000, 70_000));
    const { ends, exitCode } = this.script({ environment, dagId, taskId, startedAt });
    return { environment, dagId, ...when, taskId, startedAt, endedAt: startedAt + ends, exitCode, stopped: false };
  }
}

/** Airflow 2 names a scheduled run by the beginning of its interval, Airflow 3 by the time it runs at. */
function logicalLag({ environment, schedule }: SeededIngestion): number {
  return environment === 'analytics' ? 0 : periodOf(schedule).period * MINUTE;
}

/** Makes the tasks of the last hour; the streams of all past runs come when they are first looked for. */
export function seedIngestionTasks(ecs: EcsService): void {
  const now = ecs.region.clock.now();
  const cluster = ecs.cluster(INGESTION_CLUSTER);
  if (cluster === undefined) return;
  const history = new PastRuns(ecs);
  ecs.history = history;
  for (const run of history.since(now - 75 * MINUTE)) {
    const definition = ecs.definition(taskDefinitionFamily(run.environment, run.dagId));
    if (definition === undefined || (run.endedAt !== undefined && run.endedAt < now - 59 * MINUTE)) continue;
    const pipelineType = INGESTIONS.find(({ dagId }) => dagId === run.dagId)?.pipelineType ?? 'metadata';
    const environment = [
      { name: 'pipelineType', value: pipelineType },
      { name: 'pipelineRunId', value: stableUuid(`${run.dagId}/${run.runId}`) },
    ];
    const overrides = { containerOverrides: [{ name: INGESTION_CONTAINER, environment }] };
    const request = seededRequest({ cluster, definition, startedBy: 'airflow', overrides });
    const task = seedRunning(ecs, request, run.startedAt, run.taskId);
    if (run.endedAt === undefined) ecs.resumeTask(task);
    else seedStopped(ecs, task, endOf(run, run.endedAt));
  }
  ecs.region.logs.group(INGESTION_LOG_GROUP)?.sources.push(new PastStreams(ecs, history));
  seedAnchor(ecs);
}

function endOf({ stopped, exitCode }: PastRun, at: number): SeededEnd {
  const exit = exitCode === undefined ? {} : { exitCode };
  return stopped
    ? { at, stopCode: 'UserInitiated', stoppedReason: 'Task stopped by user', ...exit }
    : { at, stopCode: 'EssentialContainerExited', stoppedReason: 'Essential container in task exited', ...exit };
}

/** The streams that past runs left in the ingestions' log group. */
class PastStreams implements StreamSource {
  readonly #ecs: EcsService;
  readonly #history: PastRuns;
  #streams: readonly GeneratedStream[] | undefined;

  constructor(ecs: EcsService, history: PastRuns) {
    this.#ecs = ecs;
    this.#history = history;
  }

  streams(from: number, to: number): readonly GeneratedStream[] {
    this.#streams ??= this.#history
      .all()
      .flatMap((run) => (run.endedAt === undefined ? [] : [this.#stream(run, run.endedAt)]));
    return this.#streams.filter(({ first, last }) => first <= to && last >= from);
  }

  #stream(run: PastRun, endedAt: number): GeneratedStream {
    return new GeneratedStream(
      {
        group: INGESTION_LOG_GROUP,
        name: `${INGESTION_LOG_STREAM_PREFIX}/${INGESTION_CONTAINER}/${run.taskId}`,
        from: run.startedAt,
        to: endedAt,
        seed: this.#ecs.region.options.seed ?? 1,
        whole: true,
        lines: () =>
          this.#history
            .script(run)
            .lines.map(({ after, text }) => ({ at: run.startedAt + after, message: text }))
            .filter(({ at, message }) => at <= endedAt && message !== ''),
      },
      this.#ecs.region.logs.slots,
    );
  }
}

/** The service without tasks that older DAGs look up to find a task definition and a network. */
function seedAnchor(ecs: EcsService): void {
  const cluster = ecs.cluster(INGESTION_CLUSTER);
  const definition = ecs.definition('data-prod-snowflake_metadata');
  if (cluster === undefined || definition === undefined) return;
  const template: Omit<TaskRequest, 'definition' | 'cpu' | 'memory' | 'taskRoleArn' | 'executionRoleArn'> = {
    ...seededRequest({ cluster, definition }),
    group: 'service:openmetadata-ingestion',
    ...readOverrides({}, definition),
    network: { subnets: PRIVATE_SUBNETS, securityGroups: [], assignPublicIp: false },
  };
  const service = ecs.scheduler.add({
    name: 'openmetadata-ingestion',
    cluster,
    createdBy: 'arn:aws:sts::123456789012:assumed-role/OnCall/demo',
    createdAt: ecs.region.clock.now() - 170 * 24 * HOUR,
    desiredCount: 0,
    definition,
    enableExecuteCommand: false,
    tags: new Map(),
    template,
  });
  const [primary] = service.deployments;
  if (primary !== undefined) {
    primary.rolloutState = 'COMPLETED';
    primary.rolloutStateReason = `ECS deployment ${primary.id} completed.`;
  }
  ecs.scheduler.say(service, 'has reached a steady state.', ecs.region.clock.now() - 2 * HOUR);
}
