import { pages } from '../aws/pages.ts';
import type { Session } from '../aws/session.ts';
import { shortAge } from '../text/ages.ts';
import type { Cell, Column, Tone } from '../text/columns.ts';
import { lastSegment, list, milliseconds, number, optionalText, tagMap, text, texts } from './members.ts';
import type { Resource } from './resource.ts';
import { words } from './status-words.ts';
import { isoOrNull } from './times.ts';

/** An ECS service as DescribeServices has it. */
export interface Service {
  readonly name: string;
  readonly arn: string;
  readonly cluster: string;
  readonly clusterArn: string;
  /** ACTIVE, DRAINING, INACTIVE, raw. */
  readonly status: string;
  readonly desiredCount: number | undefined;
  readonly runningCount: number | undefined;
  readonly pendingCount: number | undefined;
  readonly taskDefinition: string;
  readonly launchType?: string | undefined;
  readonly createdAt: number | undefined;
  /** One for each task definition that is being rolled in or out; statuses raw. */
  readonly deployments: readonly Deployment[];
  /** Where its load balancers send what they take, such as `web:8585`. */
  readonly targets: readonly string[];
  /** The service's own last words, newest first. */
  readonly events: readonly { readonly at: number | undefined; readonly message: string }[];
  readonly tags: Readonly<Record<string, string>>;
}

/** The rolling out of one revision of a service's task definition. */
export interface Deployment {
  readonly id: string;
  /** PRIMARY, ACTIVE, INACTIVE, raw. */
  readonly status: string;
  readonly taskDefinition: string;
  readonly desiredCount: number;
  readonly runningCount: number;
  readonly pendingCount: number;
  readonly failedTasks: number;
  readonly rolloutState: string | undefined;
  readonly rolloutStateReason: string | undefined;
  readonly createdAt: number | undefined;
  readonly updatedAt: number | undefined;
}

/** DescribeServices takes at most so many. */
const DESCRIBE_LIMIT = 10;

type SdkService = NonNullable<Awaited<ReturnType<Session['ecs']['describeServices']>>['services']>[number];

/** A service from DescribeServices's answer, whatever it leaves out. */
export function serviceFrom(service: SdkService): Service {
  return {
    name: text(service.serviceName) || lastSegment(text(service.serviceArn)),
    arn: text(service.serviceArn),
    cluster: lastSegment(text(service.clusterArn)),
    clusterArn: text(service.clusterArn),
    status: text(service.status),
    desiredCount: number(service.desiredCount),
    runningCount: number(service.runningCount),
    pendingCount: number(service.pendingCount),
    taskDefinition: text(service.taskDefinition),
    launchType: optionalText(service.launchType),
    createdAt: milliseconds(service.createdAt),
    deployments: list(service.deployments).map((deployment) => ({
      id: text(deployment.id),
      status: text(deployment.status),
      taskDefinition: text(deployment.taskDefinition),
      desiredCount: number(deployment.desiredCount) ?? 0,
      runningCount: number(deployment.runningCount) ?? 0,
      pendingCount: number(deployment.pendingCount) ?? 0,
      failedTasks: number(deployment.failedTasks) ?? 0,
      rolloutState: optionalText(deployment.rolloutState),
      rolloutStateReason: optionalText(deployment.rolloutStateReason),
      createdAt: milliseconds(deployment.createdAt),
      updatedAt: milliseconds(deployment.updatedAt),
    })),
    targets: list(service.loadBalancers).map(({ containerName, containerPort }) => `${containerName}:${containerPort}`),
    events: list(service.events).map((event) => ({ at: milliseconds(event.createdAt), message: text(event.message) })),
    tags: tagMap(service.tags),
  };
}

/** A cluster's services: described ten a call, a snapshot after each page of names. */
async function* readServices(session: Session, cluster: string, signal: AbortSignal): AsyncGenerator<Service[]> {
  const found: Service[] = [];
  const listed = pages(
    (nextToken) => session.ecs.listServices({ cluster, maxResults: 100, ...(nextToken && { nextToken }) }, { signal }),
    (page) => page.nextToken,
  );
  for await (const page of listed) {
    const arns = texts(page.serviceArns);
    const batches = [];
    for (let at = 0; at < arns.length; at += DESCRIBE_LIMIT) batches.push(arns.slice(at, at + DESCRIBE_LIMIT));
    const answers = await Promise.all(
      batches.map((services) => session.ecs.describeServices({ cluster, services, include: ['TAGS'] }, { signal })),
    );
    found.push(...answers.flatMap((answer) => list(answer.services).map(serviceFrom)));
    yield [...found];
  }
}

const STATUS_TONES: ReadonlyMap<string, Tone> = new Map([
  ['ACTIVE', 'ok'],
  ['DRAINING', 'running'],
  ['INACTIVE', 'dim'],
]);
const KNOWN = new Set(STATUS_TONES.keys());

function countCell(count: number | undefined): Cell {
  return count === undefined ? { text: '?', tone: 'warn' } : { text: String(count) };
}

function rolloutCell(service: Service): Cell {
  const primary = service.deployments.find((deployment) => deployment.status === 'PRIMARY');
  if (primary?.rolloutState === undefined) return { text: '-', tone: 'dim' };
  const tone: Tone =
    primary.rolloutState === 'FAILED' ? 'error' : primary.rolloutState === 'COMPLETED' ? 'ok' : 'running';
  return { text: words(primary.rolloutState, new Set(['FAILED', 'COMPLETED', 'IN_PROGRESS'])), tone };
}

const serviceColumns: readonly Column<Service>[] = [
  { id: 'name', title: 'NAME', priority: 1, maxWidth: 48, cell: (service) => ({ text: service.name, tone: 'accent' }) },
  {
    id: 'status',
    title: 'STATUS',
    priority: 1,
    cell: (service) => ({ text: words(service.status, KNOWN), tone: STATUS_TONES.get(service.status) ?? 'plain' }),
  },
  {
    id: 'desired',
    title: 'DESIRED',
    priority: 3,
    align: 'right',
    cell: (service) => countCell(service.desiredCount),
    sortKey: (service) => service.desiredCount ?? -1,
  },
  {
    id: 'running',
    title: 'RUNNING',
    priority: 2,
    align: 'right',
    cell: (service) => ({
      ...countCell(service.runningCount),
      ...((service.runningCount ?? 0) < (service.desiredCount ?? 0) && { tone: 'warn' as const }),
    }),
    sortKey: (service) => service.runningCount ?? -1,
  },
  {
    id: 'pending',
    title: 'PENDING',
    priority: 4,
    align: 'right',
    cell: (service) => countCell(service.pendingCount),
    sortKey: (service) => service.pendingCount ?? -1,
  },
  { id: 'rollout', title: 'ROLLOUT', priority: 5, cell: rolloutCell },
  {
    id: 'definition',
    title: 'TASK DEFINITION',
    priority: 4,
    maxWidth: 48,
    cell: (service) => ({ text: lastSegment(service.taskDefinition) || '-' }),
  },
  {
    id: 'created',
    title: 'CREATED',
    priority: 6,
    align: 'right',
    cell: (service, now) =>
      service.createdAt === undefined ? { text: '-', tone: 'dim' } : { text: shortAge(now - service.createdAt) },
    sortKey: (service) => service.createdAt ?? 0,
  },
];

/** What is wrong with a service: a rollout that failed, or fewer tasks than wanted, with its own last words. */
function serviceAttention(service: Service): string | undefined {
  const failed = service.deployments.find((deployment) => deployment.rolloutState === 'FAILED');
  if (failed !== undefined)
    return `${service.name}: its rollout failed: ${failed.rolloutStateReason ?? 'no reason given'}`;
  const [desired, running] = [service.desiredCount ?? 0, service.runningCount ?? 0];
  if (service.status !== 'ACTIVE' || running >= desired) return undefined;
  const said = service.events[0]?.message;
  return `${service.name}: ${running} of ${desired} tasks run${said === undefined ? '' : `: ${said}`}`;
}

/** A service as JSON. */
function serviceJson(service: Service) {
  return {
    ...service,
    launchType: service.launchType ?? null,
    desiredCount: service.desiredCount ?? null,
    runningCount: service.runningCount ?? null,
    pendingCount: service.pendingCount ?? null,
    createdAt: isoOrNull(service.createdAt),
    deployments: service.deployments.map((deployment) => ({
      ...deployment,
      rolloutState: deployment.rolloutState ?? null,
      rolloutStateReason: deployment.rolloutStateReason ?? null,
      createdAt: isoOrNull(deployment.createdAt),
      updatedAt: isoOrNull(deployment.updatedAt),
    })),
    targets: [...service.targets],
    events: service.events.map((event) => ({ at: isoOrNull(event.at), message: event.message })),
    tags: { ...service.tags },
  };
}

/** The services of a cluster. */
export const services: Resource<Service, { readonly cluster: string }> = {
  id: 'services',
  title: 'ECS services',
  singular: 'service',
  columns: serviceColumns,
  key: (service) => service.arn,
  arn: (service) => service.arn,
  list: (session, { cluster }, signal) => readServices(session, cluster, signal),
  async describe(session, row, signal) {
    const answer = await session.ecs.describeServices(
      { cluster: row.clusterArn || row.cluster, services: [row.arn], include: ['TAGS'] },
      { signal },
    );
    const [fresh] = list(answer.services);
    return serviceJson(fresh === undefined ? row : serviceFrom(fresh));
  },
  attention: serviceAttention,
};
