import { pages } from '../aws/pages.ts';
import type { Session } from '../aws/session.ts';
import { clusterAttention, clusterColumns, clusterRemark } from './cluster-columns.ts';
import { knownFamilies } from './environments.ts';
import { lastSegment, list, number, optionalText, tagMap, text, texts } from './members.ts';
import { Pool } from './pool.ts';
import type { Resource } from './resource.ts';
import { failureFrom, snapshots } from './snapshots.ts';
import { describeTasks, isIngestionTask, listTaskArns } from './tasks.ts';

/** One line of a capacity provider strategy. */
interface CapacityProviderShare {
  readonly capacityProvider: string;
  readonly base: number;
  readonly weight: number;
}

/** An ECS cluster as DescribeClusters has it, with what it runs of ours. */
export interface Cluster {
  readonly name: string;
  readonly arn: string;
  /** ACTIVE, PROVISIONING, DEPROVISIONING, FAILED, INACTIVE, raw; empty until known. */
  readonly status: string;
  readonly runningTasks: number | undefined;
  readonly pendingTasks: number | undefined;
  readonly activeServices: number | undefined;
  readonly containerInstances: number | undefined;
  readonly capacityProviders: readonly string[];
  readonly defaultCapacityProviderStrategy: readonly CapacityProviderShare[];
  /** Ingestion tasks not yet stopped; undefined until counted, or when they can't be (a note says why). */
  readonly ingestionTasks: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** What could not be read, one sentence each. */
  readonly notes: readonly string[];
  /** Whether everything that can be read of it has been. */
  readonly complete: boolean;
}

/** DescribeClusters takes at most so many. */
const DESCRIBE_LIMIT = 100;
/** Clusters whose tasks are counted at once. */
const AT_ONCE = 4;
/** A cluster's ingestion tasks are counted among so many running ones, which is ten calls. */
const COUNTED_TASKS = 500;

type SdkCluster = NonNullable<Awaited<ReturnType<Session['ecs']['describeClusters']>>['clusters']>[number];

/** A cluster from DescribeClusters's answer, whatever it leaves out. */
export function clusterFrom(cluster: SdkCluster): Cluster {
  return {
    name: text(cluster.clusterName) || lastSegment(text(cluster.clusterArn)),
    arn: text(cluster.clusterArn),
    status: text(cluster.status),
    runningTasks: number(cluster.runningTasksCount),
    pendingTasks: number(cluster.pendingTasksCount),
    activeServices: number(cluster.activeServicesCount),
    containerInstances: number(cluster.registeredContainerInstancesCount),
    capacityProviders: texts(cluster.capacityProviders),
    defaultCapacityProviderStrategy: list(cluster.defaultCapacityProviderStrategy).map((share) => ({
      capacityProvider: text(share.capacityProvider),
      base: number(share.base) ?? 0,
      weight: number(share.weight) ?? 0,
    })),
    ingestionTasks: undefined,
    tags: tagMap(cluster.tags),
    notes: [],
    complete: false,
  };
}

/** ARNs of all the region's clusters, a page after the other. */
async function* clusterArnPages(session: Session, signal: AbortSignal): AsyncGenerator<string[]> {
  const listed = pages(
    (nextToken) => session.ecs.listClusters({ maxResults: 100, ...(nextToken && { nextToken }) }, { signal }),
    (page) => page.nextToken,
  );
  for await (const page of listed) yield texts(page.clusterArns);
}

// What each session read last, so that a refresh begins with the rows that were there and not with bare names.
const remembered = new WeakMap<Session, Map<string, Cluster>>();

/**
 * Snapshots of all clusters: names first, then their counts, then their ingestion tasks, told by their image
 * and by the families of the ingestions that the session has met.
 */
export function readClusters(session: Session, signal: AbortSignal): AsyncGenerator<Cluster[]> {
  const rows = new Map<string, Cluster>();
  const read = async (changed: () => void, reading: AbortSignal) => {
    const before = remembered.get(session);
    const arns: string[] = [];
    for await (const page of clusterArnPages(session, reading)) {
      for (const arn of page) {
        arns.push(arn);
        rows.set(arn, { ...(before?.get(arn) ?? clusterFrom({ clusterArn: arn })), complete: false });
      }
      changed();
    }
    const counting = new Pool(AT_ONCE);
    await Promise.all(
      batches(arns).map(async (batch) => {
        const described = await describe(session, batch, reading);
        for (const arn of batch) {
          const row = described.get(arn);
          const known = rows.get(arn);
          if (row === undefined) rows.delete(arn);
          else rows.set(arn, { ...row, ingestionTasks: known?.ingestionTasks });
        }
        changed();
        await Promise.all(
          batch.map((arn) =>
            counting.run(async () => {
              const row = rows.get(arn);
              if (row === undefined) return;
              rows.set(arn, await countIngestionTasks(session, row, reading));
              changed();
            }, reading),
          ),
        );
      }),
    );
    remembered.set(session, new Map(rows));
  };
  return snapshots(() => [...rows.values()], read, signal);
}

function batches(arns: readonly string[]): string[][] {
  const all: string[][] = [];
  for (let at = 0; at < arns.length; at += DESCRIBE_LIMIT) all.push(arns.slice(at, at + DESCRIBE_LIMIT));
  return all;
}

async function describe(session: Session, arns: readonly string[], signal: AbortSignal): Promise<Map<string, Cluster>> {
  try {
    const answer = await session.ecs.describeClusters({ clusters: [...arns], include: ['TAGS'] }, { signal });
    return new Map(list(answer.clusters).map((cluster) => [text(cluster.clusterArn), clusterFrom(cluster)]));
  } catch (error) {
    const failure = failureFrom(error, signal);
    // Their names are known all the same.
    return new Map(
      arns.map((arn) => [arn, { ...clusterFrom({ clusterArn: arn }), notes: [failure.message], complete: true }]),
    );
  }
}

async function countIngestionTasks(session: Session, cluster: Cluster, signal: AbortSignal): Promise<Cluster> {
  if (cluster.complete) return cluster;
  if (cluster.runningTasks === 0 && cluster.pendingTasks === 0)
    return { ...cluster, ingestionTasks: 0, complete: true };
  try {
    const arns = await listTaskArns(session, { cluster: cluster.arn, which: 'running', limit: COUNTED_TASKS }, signal);
    const tasks = await describeTasks(session, cluster.arn, arns, signal);
    const notes =
      arns.length < COUNTED_TASKS
        ? []
        : [`Ingestion tasks of ${cluster.name} were counted among its first ${COUNTED_TASKS} tasks.`];
    return {
      ...cluster,
      ingestionTasks: tasks.filter((task) => isIngestionTask(task, knownFamilies(session))).length,
      notes,
      complete: true,
    };
  } catch (error) {
    const failure = failureFrom(error, signal);
    const notes = [`Tasks of ${cluster.name} can't be read: ${failure.message}`];
    return { ...cluster, ingestionTasks: undefined, notes, complete: true };
  }
}

/** One cluster by name or ARN; undefined when there is none. */
async function readCluster(session: Session, cluster: string, signal: AbortSignal): Promise<Cluster | undefined> {
  const answer = await session.ecs.describeClusters({ clusters: [cluster], include: ['TAGS'] }, { signal });
  const [found] = list(answer.clusters);
  if (found === undefined || optionalText(found.clusterArn) === undefined) return undefined;
  return countIngestionTasks(session, clusterFrom(found), signal);
}

/** A cluster as the command line's JSON and `describe` have it. */
export function clusterJson(cluster: Cluster) {
  return {
    name: cluster.name,
    arn: cluster.arn,
    status: cluster.status || null,
    runningTasks: cluster.runningTasks ?? null,
    pendingTasks: cluster.pendingTasks ?? null,
    activeServices: cluster.activeServices ?? null,
    containerInstances: cluster.containerInstances ?? null,
    capacityProviders: [...cluster.capacityProviders],
    defaultCapacityProviderStrategy: cluster.defaultCapacityProviderStrategy.map((share) => ({ ...share })),
    ingestionTasks: cluster.ingestionTasks ?? null,
    tags: { ...cluster.tags },
    notes: [...cluster.notes],
  };
}

/** The region's ECS clusters. */
export const clusters: Resource<Cluster> = {
  id: 'clusters',
  title: 'ECS clusters',
  singular: 'cluster',
  columns: clusterColumns,
  key: (cluster) => cluster.name,
  arn: (cluster) => cluster.arn,
  list: (session, _, signal) => readClusters(session, signal),
  describe: async (session, row, signal) => clusterJson((await readCluster(session, row.arn, signal)) ?? row),
  attention: clusterAttention,
  remark: clusterRemark,
};
