import { optionalBoolean, optionalNumber, optionalString, optionalStrings } from '../members.ts';
import { AwsError, type Call, type Input, type Operation } from '../service.ts';
import { clientError, invalidParameter, serviceNotFound } from './errors.ts';
import type { TaskDefinition } from './model.ts';
import { page } from './pages.ts';
import { serviceName } from './references.ts';
import { readCapacity, readNetwork, readOverrides } from './run-task.ts';
import type { Service } from './scheduler.ts';
import { describeTags, readTags } from './tags.ts';
import { namedCluster } from './tasks.ts';

/** ListServices: 10 a page unless asked for more. */
export const listServices: Operation = (input, call) => {
  const cluster = namedCluster(input, call);
  call.authorize('ecs:ListServices', '*', { 'ecs:cluster': cluster.arn });
  const launchType = optionalString(input, 'launchType');
  const services = call.region.ecs
    .servicesOf(cluster.name)
    .filter(
      ({ status, template }) =>
        status !== 'INACTIVE' && (launchType === undefined || template.launchType === launchType),
    );
  return page(
    input,
    'serviceArns',
    services.map(({ arn }) => arn),
    { usual: 10, most: 100 },
  );
};

/** DescribeServices: up to 10, with deployments and events. */
export const describeServices: Operation = (input, call) => {
  const cluster = namedCluster(input, call);
  const references = optionalStrings(input, 'services') ?? [];
  if (references.length === 0) throw invalidParameter('Services cannot be empty.');
  if (references.length > 10) throw invalidParameter('Services cannot have more than 10 elements');
  const tagsWanted = (optionalStrings(input, 'include') ?? []).includes('TAGS');
  const services: unknown[] = [];
  const failures: unknown[] = [];
  for (const reference of references) {
    const arn = `${cluster.arn.replace(':cluster/', ':service/')}/${serviceName(reference)}`;
    call.authorize('ecs:DescribeServices', arn, { 'ecs:cluster': cluster.arn });
    const service = call.region.ecs.service(cluster.name, serviceName(reference));
    if (service === undefined) failures.push({ arn, reason: 'MISSING' });
    else services.push(describeService(service, call, tagsWanted));
  }
  return { services, failures };
};

/** A service as the wire has it. */
function describeService(service: Service, call: Call, tagsWanted = false): unknown {
  const { template, cluster } = service;
  const tasks = call.region.ecs.scheduler.tasksOf(service);
  const count = (of: readonly { lastStatus: string }[], running: boolean) =>
    of.filter(({ lastStatus }) => (lastStatus === 'RUNNING') === running).length;
  const network = {
    awsvpcConfiguration: {
      subnets: template.network.subnets,
      securityGroups: template.network.securityGroups,
      assignPublicIp: template.network.assignPublicIp ? 'ENABLED' : 'DISABLED',
    },
  };
  const [primary] = service.deployments;
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: cluster.arn,
    loadBalancers: [],
    serviceRegistries: [],
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: count(tasks, true),
    pendingCount: count(tasks, false),
    launchType: 'FARGATE',
    platformVersion: 'LATEST',
    platformFamily: 'Linux',
    ...(primary === undefined ? {} : { taskDefinition: primary.definition.arn }),
    deploymentConfiguration: {
      deploymentCircuitBreaker: { enable: false, rollback: false },
      maximumPercent: 200,
      minimumHealthyPercent: 100,
    },
    deployments: service.deployments.map((deployment) => {
      const own = tasks.filter(({ startedBy }) => startedBy === deployment.id);
      return {
        id: deployment.id,
        status: deployment.status,
        taskDefinition: deployment.definition.arn,
        desiredCount: deployment.desiredCount,
        pendingCount: count(own, false),
        runningCount: count(own, true),
        failedTasks: deployment.failedTasks,
        createdAt: deployment.createdAt / 1000,
        updatedAt: deployment.updatedAt / 1000,
        launchType: 'FARGATE',
        platformVersion: '1.4.0',
        platformFamily: 'Linux',
        networkConfiguration: network,
        rolloutState: deployment.rolloutState,
        rolloutStateReason: deployment.rolloutStateReason,
      };
    }),
    roleArn: `arn:aws:iam::${call.region.account}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`,
    events: service.events.map(({ id, createdAt, message }) => ({ id, createdAt: createdAt / 1000, message })),
    createdAt: service.createdAt / 1000,
    placementConstraints: [],
    placementStrategy: [],
    networkConfiguration: network,
    schedulingStrategy: 'REPLICA',
    deploymentController: { type: 'ECS' },
    createdBy: service.createdBy,
    enableECSManagedTags: false,
    propagateTags: 'NONE',
    enableExecuteCommand: service.enableExecuteCommand,
    ...(tagsWanted ? { tags: describeTags(service.tags) } : {}),
  };
}

function definitionOf(reference: string, call: Call): TaskDefinition {
  const definition = call.region.ecs.definition(reference);
  if (definition === undefined) throw clientError('TaskDefinition not found.');
  if (definition.status !== 'ACTIVE') throw clientError('TaskDefinition is inactive');
  return definition;
}

/** CreateService: a replica service whose scheduler starts its tasks. */
export const createService: Operation = (input, call) => {
  const cluster = namedCluster(input, call);
  const name = optionalString(input, 'serviceName') ?? '';
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) throw invalidParameter('Invalid service name.');
  const arn = `${cluster.arn.replace(':cluster/', ':service/')}/${name}`;
  call.authorize('ecs:CreateService', arn, { 'ecs:cluster': cluster.arn });
  const token = optionalString(input, 'clientToken');
  if (token !== undefined && token.length > 36) throw invalidParameter('clientToken can have at most 36 characters.');
  if (optionalString(input, 'schedulingStrategy') === 'DAEMON') {
    throw invalidParameter('The daemon scheduling strategy is not supported for FARGATE launch type services.');
  }
  const desiredCount = count(input);
  if (desiredCount === undefined) throw invalidParameter('desiredCount is required for a REPLICA service.');
  const definition = definitionOf(optionalString(input, 'taskDefinition') ?? '', call);
  const there = call.region.ecs.service(cluster.name, name);
  if (there?.status === 'ACTIVE') throw invalidParameter('Creation of service was not idempotent.');
  const { containerOverrides, overrides } = readOverrides({}, definition);
  const service = call.region.ecs.scheduler.add({
    name,
    cluster,
    createdBy: call.caller.arn,
    desiredCount,
    definition,
    enableExecuteCommand: optionalBoolean(input, 'enableExecuteCommand') ?? false,
    tags: readTags(input),
    template: {
      cluster,
      group: `service:${name}`,
      startedBy: undefined,
      ...readCapacity(input, cluster, definition),
      platformVersion: '1.4.0',
      containerOverrides,
      overrides,
      network: readNetwork(input, definition, call.region),
      enableExecuteCommand: false,
      tags: new Map(),
    },
  });
  call.region.ecs.scheduler.reconcile(service);
  return { service: describeService(service, call, true) };
};

function count(input: Input): number | undefined {
  const desired = optionalNumber(input, 'desiredCount');
  if (desired !== undefined && (!Number.isInteger(desired) || desired < 0)) {
    throw invalidParameter('desiredCount must not be negative.');
  }
  return desired;
}

function existing(input: Input, call: Call, action: string): Service {
  const cluster = namedCluster(input, call);
  const name = serviceName(optionalString(input, 'service') ?? '');
  call.authorize(action, `${cluster.arn.replace(':cluster/', ':service/')}/${name}`, { 'ecs:cluster': cluster.arn });
  const service = call.region.ecs.service(cluster.name, name);
  if (service === undefined) throw serviceNotFound();
  return service;
}

/** UpdateService: another definition, another count, or the same deployed anew. */
export const updateService: Operation = (input, call) => {
  const service = existing(input, call, 'ecs:UpdateService');
  if (service.status !== 'ACTIVE') throw new AwsError('ServiceNotActiveException', 'Service was not ACTIVE.');
  const reference = optionalString(input, 'taskDefinition');
  const desiredCount = count(input);
  call.region.ecs.scheduler.update(service, {
    ...(reference === undefined ? {} : { definition: definitionOf(reference, call) }),
    ...(desiredCount === undefined ? {} : { desiredCount }),
    force: optionalBoolean(input, 'forceNewDeployment') ?? false,
  });
  return { service: describeService(service, call) };
};

/** DeleteService: only one scaled to 0, unless forced. */
export const deleteService: Operation = (input, call) => {
  const service = existing(input, call, 'ecs:DeleteService');
  if (service.desiredCount > 0 && optionalBoolean(input, 'force') !== true) {
    throw invalidParameter('The service cannot be stopped while it is scaled above 0.');
  }
  call.region.ecs.scheduler.remove(service);
  return { service: describeService(service, call) };
};
