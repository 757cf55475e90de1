import { type Task, taskFrom, taskJson } from '../../fleet/tasks.ts';
import { isoTime } from '../../text/ages.ts';
import { redacted } from '../../text/redact.ts';
import { resultJson } from '../result-json.ts';
import type { RunResult } from '../types.ts';
import { isObject, type Members, objects } from './members.ts';
import { resultFrom } from './result.ts';

/** What is kept of a stopped task, since ECS forgets it after about an hour (ECS API, DescribeTasks). */
export interface TaskRecord {
  /** As DescribeTasks had it; of its overrides only what is no secret. */
  readonly task: Task;
  /** When it was seen stopped, ms since the epoch. */
  readonly recordedAt: number;
  /** Where its lines are; known when it was followed. */
  readonly log?: { readonly group: string; readonly stream: string } | undefined;
  /** How it went; known when it was followed to its end. */
  readonly result?: RunResult | undefined;
}

/** Longest text that is kept of a reason: ECS cuts at 1,024 characters, an error's text may be longer. */
const LONGEST = 4_096;

/** A record as JSON text, with nothing in it that may be a secret. */
export function recordText({ task, recordedAt, log, result }: TaskRecord): string {
  const json = taskJson(task);
  return `${JSON.stringify({
    schema: 1,
    recordedAt: isoTime(recordedAt),
    task: {
      ...json,
      stoppedReason: kept(json.stoppedReason),
      containers: json.containers.map((container) => ({ ...container, reason: kept(container.reason) })),
      overrides: {
        ...json.overrides,
        containers: json.overrides.containers.map(({ name, environment }) => ({
          name,
          // The command may hold anything.
          command: null,
          environment: Object.fromEntries(
            Object.entries(environment).filter(([variable]) => OWN_OVERRIDES.has(variable)),
          ),
        })),
      },
      tags: {},
    },
    log: log ?? null,
    result: result === undefined ? null : { ...resultJson(result), ok: result.ok, reason: kept(result.reason) ?? '' },
  })}\n`;
}

/** The overrides that this product and its DAGs lay over a task: never secrets. */
const OWN_OVERRIDES = new Set(['pipelineType', 'pipelineRunId']);

function kept(text: string | null): string | null {
  return text === null ? null : redacted(text).slice(0, LONGEST);
}

/** The record that a text holds; undefined when it is none that this version can read. */
export function recordFrom(text: string): TaskRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value) || value.schema !== 1 || !isObject(value.task)) return undefined;
  const task = taskFromJson(value.task);
  const recordedAt = typeof value.recordedAt === 'string' ? Date.parse(value.recordedAt) : Number.NaN;
  if (task.arn === '' || task.id === '' || Number.isNaN(recordedAt)) return undefined;
  const { log } = value;
  return {
    task,
    recordedAt,
    log:
      isObject(log) && typeof log.group === 'string' && typeof log.stream === 'string'
        ? { group: log.group, stream: log.stream }
        : undefined,
    result: resultFrom(value.result),
  };
}

const TIMES = [
  'createdAt',
  'connectivityAt',
  'pullStartedAt',
  'pullStoppedAt',
  'startedAt',
  'stoppingAt',
  'executionStoppedAt',
  'stoppedAt',
];

/** A task from its JSON, read as leniently as DescribeTasks's answer is. */
function taskFromJson(json: Members): Task {
  const overrides = isObject(json.overrides) ? json.overrides : {};
  const task = taskFrom({
    ...json,
    taskArn: json.arn,
    clusterArn: json.cluster,
    taskDefinitionArn: json.taskDefinition,
    capacityProviderName: json.capacityProvider,
    ...Object.fromEntries(TIMES.map((name) => [name, dateFrom(json[name])])),
    attachments: [
      {
        type: 'ElasticNetworkInterface',
        details: [
          { name: 'subnetId', value: json.subnet },
          { name: 'networkInterfaceId', value: json.networkInterface },
          { name: 'privateIPv4Address', value: json.privateAddress },
        ],
      },
    ],
    containers: objects(json.containers).map((container) => ({ ...container, healthStatus: container.health })),
    overrides: {
      ...overrides,
      containerOverrides: objects(overrides.containers).map(({ name, environment }) => ({
        name,
        environment: Object.entries(isObject(environment) ? environment : {}).map(([key, value]) => ({
          name: key,
          value,
        })),
      })),
    },
    tags: [],
  } as Parameters<typeof taskFrom>[0]);
  return task;
}

function dateFrom(value: unknown): Date | undefined {
  return typeof value === 'string' ? new Date(value) : undefined;
}
