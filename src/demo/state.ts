import type { Task } from './ecs/model.ts';
import type { Region } from './region.ts';

/**
 * What `GET /_demo/state` tells: each service's resources with their states, times in ms since the epoch,
 * never a secret's value, an object's content or a task's environment.
 */
export function stateOf(region: Region): object {
  return {
    product: 'mwaa-console',
    account: region.account,
    region: region.name,
    url: region.url,
    seed: region.options.seed ?? 1,
    speed: region.speed,
    now: region.clock.now(),
    environments: environments(region),
    clusters: clusters(region),
    taskDefinitions: region.ecs.definitions().map(({ arn, status }) => ({ arn, status })),
    logGroups: region.logs.groups().map(({ name, retentionInDays }) => ({ name, retentionInDays })),
    buckets: buckets(region),
    secrets: secrets(region),
    roles: roles(region),
    endpoints: [...region.ec2.endpoints.values()].map(({ vpcEndpointId, serviceName }) => ({
      vpcEndpointId,
      serviceName,
    })),
  };
}

function environments({ mwaa }: Region): object[] {
  return mwaa.environments().map(({ name, status, settings, lastUpdate }) => ({
    name,
    status,
    airflowVersion: settings.airflowVersion,
    lastUpdate,
  }));
}

function clusters({ ecs }: Region): object[] {
  return ecs.clusters().map(({ name, status }) => ({
    name,
    status,
    services: ecs.servicesOf(name).map((service) => service.name),
    tasks: ecs.tasksOf(name).map(taskState),
  }));
}

function taskState(task: Task): object {
  return {
    arn: task.arn,
    group: task.group,
    taskDefinition: task.definition.arn,
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    createdAt: task.createdAt,
    containers: task.containers.map(({ definition, lastStatus, exitCode, reason }) => ({
      name: definition.name,
      lastStatus,
      exitCode,
      reason,
    })),
  };
}

function buckets({ s3 }: Region): object[] {
  return s3.buckets().map((bucket) => ({
    name: bucket.name,
    objects: bucket.keys().flatMap((key) => {
      const current = bucket.current(key);
      if (current === undefined || current.deleteMarker) return [];
      const { versionId, lastModified, body, etag } = current;
      return [{ key, versionId, lastModified, size: body.length, etag }];
    }),
  }));
}

function secrets(region: Region): object[] {
  return region.secrets.all().map((secret) => ({
    name: secret.name,
    arn: secret.arn,
    versions: secret.versions.map(({ id, stages }) => ({ id, stages: [...stages] })),
    deletionDue: secret.deletion?.due ?? null,
  }));
}

function roles({ iam }: Region): object[] {
  return iam.roles().map(({ name, inline, attached }) => ({
    name,
    inlinePolicies: [...inline.keys()],
    attachedPolicies: [...attached],
  }));
}
