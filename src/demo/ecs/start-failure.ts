import type { Region } from '../region.ts';
import { KMS_REFUSAL, mayDecrypt } from '../secrets/decrypt.ts';
import { resourcePolicyDecision } from '../secrets/resource-policy.ts';
import { fullReference, imageCommand, isKnownImage } from './image.ts';
import type { ContainerDefinition, Task } from './model.ts';
import { overrideOf } from './model.ts';

/** Why a task can't start. */
export interface StartFailure {
  readonly reason: string;
  /** The container that it happened to; its own reason then says the same. */
  readonly container: string | undefined;
}

/** Whether a task's subnet has a way out, by a NAT gateway, by a public address or through a VPC endpoint of a service. */
function reaches(region: Region, task: Task, service?: string): boolean {
  const { network } = task;
  const subnet = region.ec2.subnets.get(network?.subnet ?? '');
  if (network === undefined || subnet === undefined) return true;
  const tables = [...region.ec2.routeTables.values()].filter(({ vpcId }) => vpcId === subnet.vpcId);
  const own = tables.find((table) => table.associationSet.some(({ subnetId }) => subnetId === subnet.subnetId));
  const table = own ?? tables.find((each) => each.associationSet.some(({ main }) => main));
  const out = table?.routeSet.find(({ destinationCidrBlock }) => destinationCidrBlock === '0.0.0.0/0');
  if (out?.natGatewayId !== undefined) return true;
  if (out?.gatewayId?.startsWith('igw-') === true && network.assignPublicIp) return true;
  return [...region.ec2.endpoints.values()].some(
    ({ vpcId, serviceName }) => service !== undefined && vpcId === subnet.vpcId && serviceName.endsWith(`.${service}`),
  );
}

/**
 * What keeps a task from being set up: secrets, environment files and the log driver, in Fargate's own words
 * (ECS developer guide, "Stopped task error codes"). Undefined when nothing does.
 */
export function resourceFailure(region: Region, task: Task): StartFailure | undefined {
  for (const container of task.containers) {
    const reason =
      registryFailure(region, task, container.definition) ??
      secretsFailure(region, task, container.definition) ??
      filesFailure(region, task, container.definition) ??
      loggingFailure(region, task, container.definition);
    if (reason !== undefined) return { reason: `ResourceInitializationError: ${reason}`, container: undefined };
  }
  return undefined;
}

const PULL_SECRETS =
  'unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm:';

/** Who the execution role is while it prepares a task. */
function session(region: Region, task: Task): string {
  return `arn:aws:sts::${region.account}:assumed-role/${task.executionRoleArn?.split('/').at(-1)}/${task.id}`;
}

/** What the execution role lacks to sign in to a registry in ECR. */
function registryFailure(region: Region, task: Task, { image }: ContainerDefinition): string | undefined {
  if (imageCommand(region, image) !== undefined || ecrRepository(image) === undefined) return undefined;
  const action = 'ecr:GetAuthorizationToken';
  if (region.iam.allows(task.executionRoleArn ?? '', action, '*')) return undefined;
  return `unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 1 time(s): AccessDeniedException: User: ${session(region, task)} is not authorized to perform: ${action} on resource: * because no identity-based policy allows the ${action} action status code: 400, request id: ${region.uuid()}`;
}

/** ARN of the repository in ECR that an image is in. */
function ecrRepository(image: string): string | undefined {
  const [host, reference] = fullReference(image);
  const [, account, region] = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com$/.exec(host) ?? [];
  const name = reference.slice(host.length + 1).replace(/[:@].*$/, '');
  return account === undefined ? undefined : `arn:aws:ecr:${region}:${account}:repository/${name}`;
}

const PULL_ACTIONS = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchCheckLayerAvailability'];

function secretsFailure(region: Region, task: Task, container: ContainerDefinition): string | undefined {
  for (const { valueFrom } of container.secrets) {
    // A name without `arn:` is a parameter of Systems Manager, which this region hasn't got.
    if (!/^arn:aws[\w-]*:secretsmanager:/.test(valueFrom)) {
      return `unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid parameters: ${valueFrom}`;
    }
    const failed = `${PULL_SECRETS} service call has been retried 1 time(s): failed to fetch secret ${valueFrom} from secrets manager:`;
    const request = `status code: 400, request id: ${region.uuid()}`;
    if (!reaches(region, task, 'secretsmanager')) {
      return `${PULL_SECRETS} There is a connection issue between the task and AWS Secrets Manager. Check your task network configuration. failed to fetch secret ${valueFrom} from secrets manager: RequestCanceled: request context canceled caused by: context deadline exceeded`;
    }
    const arn = valueFrom.split(':').slice(0, 7).join(':');
    const secret = region.secrets.find(arn);
    const role = task.executionRoleArn ?? '';
    const named = resourcePolicyDecision(secret?.policy, role);
    const allowed = named === 'allowed' || region.iam.allows(role, 'secretsmanager:GetSecretValue', secret?.arn ?? arn);
    if (named === 'denied' || !allowed) {
      return `${failed} AccessDeniedException: User: ${session(region, task)} is not authorized to perform: secretsmanager:GetSecretValue on resource: ${secret?.arn ?? arn} because no identity-based policy allows the secretsmanager:GetSecretValue action ${request}`;
    }
    if (secret === undefined)
      return `${failed} ResourceNotFoundException: Secrets Manager can't find the specified secret. ${request}`;
    if (secret.deletion !== undefined) {
      return `${failed} InvalidRequestException: You can't perform this operation on the secret because it was marked for deletion. ${request}`;
    }
    if (!mayDecrypt(region, secret, (...request) => region.iam.allows(role, ...request))) {
      return `${failed} AccessDeniedException: ${KMS_REFUSAL} ${request}`;
    }
    if (region.secrets.valueFrom(valueFrom) === undefined) {
      return `${PULL_SECRETS} service call has been retried 1 time(s): retrieved secret from Secrets Manager did not contain json key ${valueFrom.split(':')[7] ?? ''}`;
    }
  }
  return undefined;
}

/** The ARNs of the environment files that a container starts with. */
export function environmentFilesOf(task: Task, container: ContainerDefinition): readonly string[] {
  return [...container.environmentFiles, ...(overrideOf(task, container.name)?.environmentFiles ?? [])];
}

/** Bucket and key of an S3 object's ARN. */
export function s3Object(arn: string): { readonly bucket: string; readonly key: string } {
  const path = arn.split(':::')[1] ?? '';
  const slash = path.indexOf('/');
  return { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}

function filesFailure(region: Region, task: Task, container: ContainerDefinition): string | undefined {
  for (const arn of environmentFilesOf(task, container)) {
    const failed =
      'failed to download env files: file download command: non empty error stream: service call has been retried 1 time(s):';
    const { bucket, key } = s3Object(arn);
    if (!region.iam.allows(task.executionRoleArn ?? '', 's3:GetObject', arn)) {
      return `${failed} AccessDenied: Access Denied status code: 403, request id: ${region.hex(16).toUpperCase()}`;
    }
    if (region.s3.object(bucket, key) === undefined) {
      return `${failed} NoSuchKey: The specified key does not exist. status code: 404, request id: ${region.hex(16).toUpperCase()}`;
    }
  }
  return undefined;
}

function loggingFailure(region: Region, task: Task, container: ContainerDefinition): string | undefined {
  const group = container.awslogs?.['awslogs-group'];
  if (group === undefined) return undefined;
  const arn = `arn:aws:logs:${region.name}:${region.account}:log-group:${group}`;
  const failed = 'failed to initialize logging driver: failed to create Cloudwatch log';
  const denied = (action: string, resource: string) =>
    `AccessDeniedException: User: ${session(region, task)} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;
  const role = task.executionRoleArn ?? '';
  if (!reaches(region, task, 'logs')) {
    return 'failed to validate logger args: The task cannot find the Amazon CloudWatch log group defined in the task definition. There is a connection issue between the task and Amazon CloudWatch. Check your network configuration. : signal: killed';
  }
  if (region.logs.group(group) === undefined) {
    if (container.awslogs?.['awslogs-create-group'] !== 'true') {
      return `${failed} stream: ResourceNotFoundException: The specified log group does not exist. : exit status 1`;
    }
    if (!region.iam.allows(role, 'logs:CreateLogGroup', `${arn}:*`)) {
      return `${failed} group: ${denied('logs:CreateLogGroup', `${arn}:log-stream:`)} : exit status 1`;
    }
    region.logs.createGroup(group);
  }
  const stream = `${arn}:log-stream:${logStream(task, container)}`;
  if (!region.iam.allows(role, 'logs:CreateLogStream', stream)) {
    return `${failed} stream: ${denied('logs:CreateLogStream', stream)} : exit status 1`;
  }
  return undefined;
}

/** The stream that awslogs writes a container's output to. */
export function logStream(task: Task, container: ContainerDefinition): string {
  const prefix = container.awslogs?.['awslogs-stream-prefix'];
  return prefix === undefined ? task.id : `${prefix}/${container.name}/${task.id}`;
}

/** What keeps an image from being pulled, if anything does: no such tag, or no way to the registry. */
export function pullFailure(region: Region, task: Task): StartFailure | undefined {
  for (const { definition } of task.containers) {
    const { image, name } = definition;
    if (imageCommand(region, image) !== undefined) continue;
    const [host, reference] = fullReference(image);
    const failed = `CannotPullContainerError: pull image manifest has been retried`;
    if (!reaches(region, task, host.includes('.dkr.ecr.') ? 'ecr.dkr' : undefined)) {
      const head = `failed to do request: Head "https://${host === 'docker.io' ? 'registry-1.docker.io' : host}/v2/${reference.replace(/^[^/]+\//, '').replace(/:([^:/]+)$/, '/manifests/$1')}"`;
      return {
        reason: `${failed} 7 time(s): failed to resolve ref ${reference}: ${head}: dial tcp 44.208.254.194:443: i/o timeout`,
        container: name,
      };
    }
    const repository = ecrRepository(image);
    const role = task.executionRoleArn ?? '';
    const lacking = PULL_ACTIONS.find((action) => repository && !region.iam.allows(role, action, repository));
    if (lacking !== undefined) {
      const denied = `User: ${session(region, task)} is not authorized to perform: ${lacking} on resource: ${repository} because no identity-based policy allows the ${lacking} action`;
      return {
        reason: `${failed} 1 time(s): failed to resolve ref ${reference}: pull access denied, repository does not exist or may require authorization: authorization failed: denied: ${denied}`,
        container: name,
      };
    }
    if (!isKnownImage(image)) {
      return {
        reason: `${failed} 1 time(s): failed to resolve ref ${reference}: ${reference}: not found`,
        container: name,
      };
    }
  }
  return undefined;
}
