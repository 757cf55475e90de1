import { periodOf, runTimes } from '../../logs/history/dags.ts';
import { runTime } from '../../logs/history/time.ts';
import { hash, Random } from '../../logs/random.ts';
import { GeneratedStream, StreamList } from '../../logs/streams.ts';
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
import { seededRequest, seedRunning, seedStopped } from './seeded-task.ts';

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

/** Configurations as the world's secrets hold them, read once. */
class Configurations {
  readonly #ecs: EcsService;
  readonly #read = new Map<SeededIngestion, WorkflowConfig>();

  constructor(ecs: EcsService) {
    this.#ecs = ecs;
  }

  of(ingestion: SeededIngestion): WorkflowConfig {
    let config = this.#read.get(ingestion);
    if (config === undefined) {
      const { environment, dagId } = ingestion;
      config = readConfig(this.#ecs.region.secrets.value(secretName(environment, dagId)) ?? '');
      this.#read.set(ingestion, config);
    }
    return config;
  }
}

/**
 * The runs of the ECS ingestions before `now`, oldest first: those of their schedules, the second tries of the
 * failing one, and three that somebody triggered within the last hour, one of them still running.
 */
function pastRuns(ecs: EcsService, now: number, configurations: Configurations): readonly PastRun[] {
  const runs: PastRun[] = [];
  for (const ingestion of INGESTIONS) {
    if (ingestion.mode !== 'ecs') continue;
    for (const dueAt of runTimes(periodOf(ingestion.schedule), now - HISTORY, now - 4 * MINUTE)) {
      const runId = `scheduled__${runTime(dueAt - logicalLag(ingestion))}`;
      const first = pastRun(ecs, configurations.of(ingestion), ingestion, {
        dueAt,
        runId,
        attempt: 1,
        trigger: 'scheduled',
      });
      if ((first.endedAt ?? 0) > now - 20_000) continue;
      runs.push(first);
      const again = (first.endedAt ?? 0) + RETRY_DELAY;
      if (!ingestion.failing || again > now - 3 * MINUTE) continue;
      runs.push(
        pastRun(ecs, configurations.of(ingestion), ingestion, {
          dueAt: again,
          runId,
          attempt: 2,
          trigger: 'scheduled',
        }),
      );
    }
  }
  const manual = (dagId: string, ago: number, more: Partial<PastRun> = {}): void => {
    const ingestion = INGESTIONS.find((each) => each.dagId === dagId);
    if (ingestion === undefined) return;
    const dueAt = now - ago;
    const runId = `manual__${runTime(dueAt)}`;
    runs.push({
      ...pastRun(ecs, configurations.of(ingestion), ingestion, { dueAt, runId, attempt: 1, trigger: 'manual' }),
      ...more,
    });
  };
  manual('postgres_usage', 47 * MINUTE, { stopped: true, exitCode: 143, endedAt: now - 44 * MINUTE });
  manual('looker_metadata', 22 * MINUTE);
  manual('snowflake_metadata', 90_000, { startedAt: now - 31_000, endedAt: undefined, exitCode: undefined });
  return runs.sort((a, b) => a.dueAt - b.dueAt);
}

/** Airflow 2 names a scheduled run by the beginning of its interval, Airflow 3 by the time it runs at. */
function logicalLag({ environment, schedule }: SeededIngestion): number {
  return environment === 'analytics' ? 0 : periodOf(schedule).period * MINUTE;
}

function pastRun(
  ecs: EcsService,
  config: WorkflowConfig,
  ingestion: SeededIngestion,
  when: Pick<PastRun, 'dueAt' | 'runId' | 'attempt' | 'trigger'>,
): PastRun {
  const { environment, dagId } = ingestion;
  const random = new Random(hash(ecs.region.options.seed ?? 1, environment, dagId, when.dueAt, when.trigger));
  const taskId = random.hex(32);
  const startedAt = Math.floor(when.dueAt + random.between(50_000, 70_000));
  const { ends, exitCode } = script(ecs, config, ingestion, taskId, startedAt);
  return { environment, dagId, ...when, taskId, startedAt, endedAt: startedAt + ends, exitCode, stopped: false };
}

/** What a run's container prints: as the task's own program makes it. */
function script(
  ecs: EcsService,
  config: WorkflowConfig,
  { pipelineType }: SeededIngestion,
  taskId: string,
  startedAt: number,
): Script {
  const seed = ecs.region.options.seed ?? 1;
  return ingestionScript(config, {
    pipelineType,
    seed,
    runSeed: hash(seed, taskId),
    startedAt,
    clientVersion: `${OPENMETADATA_VERSION}.0`,
    serverVersion: OPENMETADATA_VERSION,
  });
}

/** Makes the tasks of the last hour, and the streams of all past runs, whose lines are made when they are read. */
export function seedIngestionTasks(ecs: EcsService): void {
  const { region } = ecs;
  const now = region.clock.now();
  const cluster = ecs.cluster(INGESTION_CLUSTER);
  if (cluster === undefined) return;
  const streams = new StreamList();
  const configurations = new Configurations(ecs);
  ecs.pastRuns = pastRuns(ecs, now, configurations);
  for (const run of ecs.pastRuns) {
    const ingestion = INGESTIONS.find(
      ({ dagId, environment }) => dagId === run.dagId && environment === run.environment,
    );
    const definition = ecs.definition(taskDefinitionFamily(run.environment, run.dagId));
    if (ingestion === undefined || definition === undefined) continue;
    if (run.endedAt !== undefined) streams.add(pastStream(ecs, configurations, ingestion, run, run.endedAt));
    if (run.endedAt !== undefined && run.endedAt < now - 59 * MINUTE) continue;
    const environment = [{ name: 'pipelineType', value: ingestion.pipelineType }];
    const overrides = { containerOverrides: [{ name: INGESTION_CONTAINER, environment }] };
    const request = seededRequest({ cluster, definition, startedBy: 'airflow', overrides });
    const task = seedRunning(ecs, request, run.startedAt, run.taskId);
    if (run.endedAt === undefined) {
      ecs.resumeTask(task);
    } else if (run.stopped) {
      seedStopped(ecs, task, {
        at: run.endedAt,
        stopCode: 'UserInitiated',
        stoppedReason: 'Task stopped by user',
        exitCode: 143,
      });
    } else {
      seedStopped(ecs, task, {
        at: run.endedAt,
        stopCode: 'EssentialContainerExited',
        stoppedReason: 'Essential container in task exited',
        ...(run.exitCode === undefined ? {} : { exitCode: run.exitCode }),
      });
    }
  }
  region.logs.group(INGESTION_LOG_GROUP)?.sources.push(streams);
  seedAnchor(ecs);
}

function pastStream(
  ecs: EcsService,
  configurations: Configurations,
  ingestion: SeededIngestion,
  run: PastRun,
  endedAt: number,
): GeneratedStream {
  const name = `${INGESTION_LOG_STREAM_PREFIX}/${INGESTION_CONTAINER}/${run.taskId}`;
  return new GeneratedStream(
    {
      group: INGESTION_LOG_GROUP,
      name,
      from: run.startedAt,
      to: endedAt,
      seed: ecs.region.options.seed ?? 1,
      whole: true,
      lines: () =>
        script(ecs, configurations.of(ingestion), ingestion, run.taskId, run.startedAt)
          .lines.map(({ after, text }) => ({ at: run.startedAt + after, message: text }))
          .filter(({ at, message }) => at <= endedAt && message !== ''),
    },
    ecs.region.logs.slots,
  );
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
