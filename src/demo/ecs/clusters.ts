import { optionalNumber, optionalString, optionalStrings, optionalStructure, optionalStructures } from '../members.ts';
import { AwsError, type Call, type Input, type Operation } from '../service.ts';
import { clusterArn } from '../world/names.ts';
import { clientError, clusterNotFound, invalidParameter } from './errors.ts';
import type { Cluster, StrategyItem } from './model.ts';
import { page } from './pages.ts';
import { clusterName } from './references.ts';
import { describeTags, readTags } from './tags.ts';

/** The capacity providers that every account has. */
const FARGATE_PROVIDERS: readonly string[] = ['FARGATE', 'FARGATE_SPOT'];

/** ListClusters: ARNs, those of deleted clusters left out. */
export const listClusters: Operation = (input, call) => {
  call.authorize('ecs:ListClusters', '*');
  const clusters = call.region.ecs.clusters().filter(({ status }) => status === 'ACTIVE');
  return page(
    input,
    'clusterArns',
    clusters.map(({ arn }) => arn),
  );
};

/** DescribeClusters: at most 100, statistics, settings and tags only when they are asked for. */
export const describeClusters: Operation = (input, call) => {
  const references = optionalStrings(input, 'clusters') ?? ['default'];
  if (references.length > 100) throw invalidParameter('Clusters cannot have more than 100 elements');
  const include = optionalStrings(input, 'include') ?? [];
  const clusters: unknown[] = [];
  const failures: unknown[] = [];
  for (const reference of references) {
    const name = clusterName(reference);
    call.authorize('ecs:DescribeClusters', clusterArn(name));
    const cluster = call.region.ecs.cluster(name);
    if (cluster === undefined) failures.push({ arn: clusterArn(name), reason: 'MISSING' });
    else clusters.push(describeCluster(cluster, call, include));
  }
  return { clusters, failures };
};

/** A cluster as the wire has it. */
function describeCluster(cluster: Cluster, call: Call, include: readonly string[] = []): unknown {
  const tasks = call.region.ecs.tasksOf(cluster.name);
  const services = call.region.ecs.servicesOf(cluster.name).filter(({ status }) => status === 'ACTIVE');
  const running = tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length;
  const pending = tasks.filter(({ lastStatus }) => /^(?:PROVISIONING|PENDING|ACTIVATING)$/.test(lastStatus)).length;
  const statistics = {
    runningEC2TasksCount: 0,
    runningFargateTasksCount: running,
    pendingEC2TasksCount: 0,
    pendingFargateTasksCount: pending,
    runningExternalTasksCount: 0,
    pendingExternalTasksCount: 0,
    activeEC2ServiceCount: 0,
    activeFargateServiceCount: services.length,
    drainingEC2ServiceCount: 0,
    drainingFargateServiceCount: 0,
  };
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    ...(include.includes('CONFIGURATIONS') && cluster.configuration !== undefined
      ? { configuration: cluster.configuration }
      : {}),
    status: cluster.status,
    registeredContainerInstancesCount: 0,
    runningTasksCount: running,
    pendingTasksCount: pending,
    activeServicesCount: services.length,
    statistics: include.includes('STATISTICS')
      ? Object.entries(statistics).map(([name, value]) => ({ name, value: String(value) }))
      : [],
    tags: include.includes('TAGS') ? describeTags(cluster.tags) : [],
    settings: include.includes('SETTINGS') ? cluster.settings : [],
    capacityProviders: cluster.capacityProviders,
    defaultCapacityProviderStrategy: cluster.defaultStrategy,
  };
}

/** CreateCluster: the same name again gives the cluster that is there. */
export const createCluster: Operation = (input, call) => {
  const name = optionalString(input, 'clusterName') ?? 'default';
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) {
    throw invalidParameter('Cluster name can have up to 255 letters, numbers, hyphens and underscores.');
  }
  call.authorize('ecs:CreateCluster', clusterArn(name));
  const tags = readTags(input);
  const capacityProviders = checkedProviders(optionalStrings(input, 'capacityProviders') ?? []);
  const defaultStrategy = readStrategy(input, 'defaultCapacityProviderStrategy');
  checkStrategy(defaultStrategy, capacityProviders);
  const there = call.region.ecs.cluster(name);
  if (there?.status === 'ACTIVE') return { cluster: describeCluster(there, call, ['SETTINGS', 'TAGS']) };
  const cluster = call.region.ecs.addCluster({
    name,
    capacityProviders,
    defaultStrategy,
    settings: readSettings(input),
    configuration: optionalStructure(input, 'configuration'),
    tags,
  });
  return { cluster: describeCluster(cluster, call, ['SETTINGS', 'TAGS']) };
};

function readSettings(input: Input): readonly { name: string; value: string }[] {
  const settings = optionalStructures(input, 'settings') ?? [];
  const insights = settings.find((setting) => setting.name === 'containerInsights')?.value ?? 'disabled';
  if (insights !== 'enabled' && insights !== 'disabled' && insights !== 'enhanced') {
    throw invalidParameter('Invalid value for containerInsights: valid values are enabled, disabled and enhanced.');
  }
  return [{ name: 'containerInsights', value: insights }];
}

function checkedProviders(providers: readonly string[]): readonly string[] {
  const unknown = providers.find((provider) => !FARGATE_PROVIDERS.includes(provider));
  if (unknown !== undefined) {
    throw invalidParameter(
      `The specified capacity provider ${unknown} was not found. Specify a valid name or ARN and try again.`,
    );
  }
  return [...new Set(providers)];
}

/** A capacity provider strategy of at most 20 items. */
export function readStrategy(input: Input, member: string): readonly StrategyItem[] {
  const items = (optionalStructures(input, member) ?? []).map((item) => ({
    capacityProvider: optionalString(item, 'capacityProvider') ?? '',
    weight: optionalNumber(item, 'weight') ?? 0,
    base: optionalNumber(item, 'base') ?? 0,
  }));
  if (items.length > 20)
    throw invalidParameter('A capacity provider strategy can contain a maximum of 20 capacity providers.');
  if (items.filter(({ base }) => base > 0).length > 1) {
    throw invalidParameter('Only one capacity provider in a capacity provider strategy can have a base defined.');
  }
  return items;
}

/** Throws unless every provider of a strategy belongs to the cluster. */
export function checkStrategy(strategy: readonly StrategyItem[], providers: readonly string[]): void {
  if (strategy.some(({ capacityProvider }) => !providers.includes(capacityProvider))) {
    throw invalidParameter(
      'The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. Associate the capacity provider with the cluster and try again.',
    );
  }
}

/** PutClusterCapacityProviders: replaces both the providers and the default strategy. */
export const putClusterCapacityProviders: Operation = (input, call) => {
  const cluster = existing(input, call, 'ecs:PutClusterCapacityProviders');
  const providers = checkedProviders(optionalStrings(input, 'capacityProviders') ?? []);
  const strategy = readStrategy(input, 'defaultCapacityProviderStrategy');
  checkStrategy(strategy, providers);
  const used = call.region.ecs
    .tasksOf(cluster.name)
    .some(
      ({ capacityProvider, lastStatus }) =>
        capacityProvider !== undefined && lastStatus !== 'STOPPED' && !providers.includes(capacityProvider),
    );
  if (used) {
    throw new AwsError('ResourceInUseException', 'The specified capacity provider is in use and cannot be removed.');
  }
  cluster.capacityProviders = providers;
  cluster.defaultStrategy = strategy;
  return { cluster: describeCluster(cluster, call, ['SETTINGS', 'TAGS']) };
};

/** DeleteCluster: only an empty one; it stays INACTIVE. */
export const deleteCluster: Operation = (input, call) => {
  const cluster = existing(input, call, 'ecs:DeleteCluster');
  const { ecs } = call.region;
  if (ecs.servicesOf(cluster.name).some(({ status }) => status === 'ACTIVE')) {
    throw new AwsError('ClusterContainsServicesException', 'The Cluster cannot be deleted while Services are active.');
  }
  if (ecs.tasksOf(cluster.name).some(({ lastStatus }) => lastStatus !== 'STOPPED')) {
    throw new AwsError('ClusterContainsTasksException', 'The Cluster cannot be deleted while Tasks are active.');
  }
  cluster.status = 'INACTIVE';
  return { cluster: describeCluster(cluster, call, ['SETTINGS', 'TAGS']) };
};

function existing(input: Input, call: Call, action: string): Cluster {
  const reference = optionalString(input, 'cluster');
  if (reference === undefined || reference === '') throw clientError('Cluster can not be blank.');
  const name = clusterName(reference);
  call.authorize(action, clusterArn(name));
  const cluster = call.region.ecs.cluster(name);
  if (cluster?.status !== 'ACTIVE') throw clusterNotFound();
  return cluster;
}

/** DescribeCapacityProviders: the two of Fargate, at most 10 a page. */
export const describeCapacityProviders: Operation = (input, call) => {
  call.authorize('ecs:DescribeCapacityProviders', '*');
  const wanted = optionalStrings(input, 'capacityProviders') ?? FARGATE_PROVIDERS;
  const named = wanted.map((reference) => reference.split('/').at(-1) ?? '');
  const describe = (name: string) => ({
    capacityProviderArn: `arn:aws:ecs:${call.region.name}:${call.region.account}:capacity-provider/${name}`,
    name,
    status: 'ACTIVE',
    tags: [],
  });
  return {
    capacityProviders: named.filter((name) => FARGATE_PROVIDERS.includes(name)).map(describe),
    failures: named
      .filter((name) => !FARGATE_PROVIDERS.includes(name))
      .map((name) => ({ arn: describe(name).capacityProviderArn, reason: 'MISSING' })),
  };
};
