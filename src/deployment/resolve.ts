import { unlessMissing } from '../aws/found.ts';
import type { Session } from '../aws/session.ts';
import type { Environment } from '../fleet/environments.ts';
import { type Ingestion, listIngestions } from '../fleet/ingestions.ts';
import { mainContainer, readTaskDefinition, type TaskDefinition } from '../fleet/task-definitions.ts';
import { checkDagId, dagIdFor, secretName } from '../ingestion/names.ts';
import { type Pipeline, readPipeline, requireSound } from '../ingestion/pipeline.ts';
import type { Architecture, DeploymentRequest, EcsTarget } from '../ingestion/request.ts';
import { ecsDefaults } from '../ingestion/task-definition.ts';
import { optional } from '../ingestion/values.ts';
import { serverVersion } from '../openmetadata/server.ts';
import { partitionOf } from '../reference/partitions.ts';
import { Failure } from '../text/failure.ts';
import { readJournal } from './journal.ts';
import {
  containerFromOptions,
  type DeploymentOptions,
  type PlanRequest,
  requestFromOptions,
  scheduleFromOptions,
} from './options.ts';
import type { Target } from './step.ts';

const DEFAULT_CLUSTER = 'openmetadata-ingestion';
const DEFAULT_CONTAINER = 'openmetadata-ingestion';
const ARCHITECTURES: readonly Architecture[] = ['X86_64', 'ARM64'];

/**
 * What is asked for, with every default filled in: from the options, else from the ingestion as it was last deployed,
 * else from the environment's other ingestions, else from the environment itself.
 * @throws Failure 'invalid-input' for a pipeline with errors or a name that can't be; 'usage' where the OpenMetadata
 * version is neither given nor told by the pipeline's server.
 */
export async function resolveRequest(
  session: Session,
  environment: Environment,
  { mode, pipelineText, pipelineFile, options }: PlanRequest,
  signal: AbortSignal,
): Promise<Target> {
  const pipeline = readPipeline(pipelineText, pipelineFile);
  const openmetadataVersion = options.openmetadataVersion ?? (await askedVersion(pipeline, signal));
  const { airflowVersion } = environment;
  requireSound(pipeline, { openmetadataVersion, airflowVersion, mode });
  const dagId = options.dagId ?? dagIdFor(pipeline);
  checkDagId(dagId);
  const [{ account }, ingestions] = await Promise.all([
    session.identity(signal),
    listIngestions(session, environment, signal),
  ]);
  const earlier = ingestions.find((ingestion) => ingestion.dagId === dagId);
  const last = earlier && (await lastRequest(session, environment, earlier, signal));
  const asked = requestFromOptions(options);
  const request: DeploymentRequest = {
    environment: environment.name,
    account,
    region: session.region,
    mode,
    dagId,
    pipeline,
    openmetadataVersion,
    airflowVersion,
    ...scheduleFromOptions(options, earlier?.schedule),
    ...optional('extras', last?.extras),
    ...optional(
      'secretKmsKeyArn',
      last?.secretName === (options.secret ?? last?.secretName) ? last?.secretKmsKeyArn : undefined,
    ),
    ...asked,
    run: { ...last?.run, ...asked.run },
    ...(mode === 'ecs'
      ? {
          ecs: await ecsTarget(
            session,
            environment,
            pipeline,
            { account, openmetadataVersion, dagId, last: last?.ecs },
            options,
            ingestions,
            signal,
          ),
        }
      : { webserverAccessMode: environment.webserverAccessMode }),
    ...(mode === 'python' ? await requirementsInForce(session, environment, signal) : {}),
    executionRoleName: environment.executionRoleArn.split('/').at(-1) ?? '',
    secretName: options.secret ?? secretName(environment.name, dagId),
    dagsPath: environment.dagsPath,
  };
  const { workerReplacement } = options;
  return {
    session,
    environment,
    request,
    earlier,
    others: ingestions.filter((ingestion) => ingestion !== earlier),
    known: {
      deployedBefore: earlier !== undefined,
      ...(workerReplacement === undefined ? {} : { workerReplacement }),
    },
  };
}

/** What the ingestion's last deployment was asked for, as its journal has it; undefined where that is gone. */
async function lastRequest(
  session: Session,
  { name, sourceBucket }: Environment,
  { deploymentId }: Ingestion,
  signal: AbortSignal,
): Promise<DeploymentRequest | undefined> {
  if (deploymentId === '') return undefined;
  return (await readJournal({ session, bucket: sourceBucket }, name, deploymentId, signal))?.request;
}

/** The requirements.txt that the environment has installed, which this deployment adds to. */
async function requirementsInForce(
  session: Session,
  { sourceBucket, requirements }: Environment,
  signal: AbortSignal,
): Promise<Pick<DeploymentRequest, 'requirements'>> {
  if (requirements === undefined) return {};
  const version = requirements.versionId === undefined ? {} : { VersionId: requirements.versionId };
  const object = { Bucket: sourceBucket, Key: requirements.path, ...version };
  const found = await unlessMissing(session.s3.getObject(object, { signal }));
  return found === undefined ? {} : { requirements: (await found.Body?.transformToString()) ?? '' };
}

/** The version that the pipeline's own server tells; Failure `usage` where it names none or the server does not answer. */
export async function askedVersion(pipeline: Pipeline, signal: AbortSignal): Promise<string> {
  const { hostPort } = pipeline.server;
  try {
    if (hostPort !== undefined) return await serverVersion(hostPort, { signal });
  } catch (error) {
    if (!(error instanceof Failure) || signal.aborted) throw error;
    throw new Failure('usage', `The OpenMetadata server can't be asked for its version: ${error.message}`, {
      advice: 'Give the version yourself: --openmetadata-version 1.12.8.',
      cause: error,
    });
  }
  throw new Failure('usage', 'The pipeline names no OpenMetadata server, and no version is given.', {
    advice: 'Add workflowConfig.openMetadataServerConfig.hostPort to it, or give --openmetadata-version.',
  });
}

async function ecsTarget(
  session: Session,
  environment: Environment,
  pipeline: Pipeline,
  {
    account,
    openmetadataVersion,
    dagId,
    last,
  }: { account: string; openmetadataVersion: string; dagId: string; last: EcsTarget | undefined },
  options: DeploymentOptions,
  ingestions: readonly Ingestion[],
  signal: AbortSignal,
): Promise<EcsTarget> {
  const byEcs = ingestions.filter(({ mode }) => mode === 'ecs');
  // Its own last deployment first, then the newest of its neighbours.
  const model = byEcs.find((each) => each.dagId === dagId) ?? byEcs.sort((a, b) => b.deployedAt - a.deployedAt)[0];
  const own = model?.dagId === dagId ? model : undefined;
  const reference = options.taskDefinition ?? model?.taskDefinitionArn;
  const pattern = reference === undefined ? undefined : await patternDefinition(session, reference, options, signal);
  // Size and image follow the pipeline unless somebody named a task definition to take them from, or deployed it so before.
  const like = options.taskDefinition === undefined && own === undefined ? undefined : pattern;
  const defaults = ecsDefaults(pipeline, openmetadataVersion, options.registry);
  const roleArn = (role: string) =>
    role.startsWith('arn:') ? role : `arn:${partitionOf(session.region)}:iam::${account}:role/${role}`;
  const taskRole =
    options.taskRole ??
    pattern?.taskRoleArn ??
    (defaults.needsTaskRole ? `mwaa-console-${environment.name}-task` : undefined);
  // A record or an option may name it by its ARN.
  const cluster = (options.cluster ?? model?.cluster ?? DEFAULT_CLUSTER).replace(/^.*:cluster\//, '');
  return {
    cluster,
    container: options.container ?? own?.container ?? DEFAULT_CONTAINER,
    subnets: options.subnets ?? own?.subnets ?? environment.subnetIds,
    securityGroups: options.securityGroups ?? own?.securityGroups ?? environment.securityGroupIds,
    assignPublicIp: own?.assignPublicIp ?? false,
    logGroup: options.logGroup ?? model?.logGroup ?? `/ecs/${cluster}`,
    logStreamPrefix: own?.logStreamPrefix ?? 'ecs',
    image:
      options.image ??
      (options.registry === undefined ? imageOf(like, openmetadataVersion, own?.openmetadataVersion) : undefined) ??
      defaults.image,
    cpu: options.cpu ?? positive(like?.cpu) ?? defaults.cpu,
    memory: options.memory ?? positive(like?.memory) ?? defaults.memory,
    ...optional('architecture', architectureOf(like?.cpuArchitecture)),
    ...optional('user', last?.user),
    ...containerFromOptions(options),
    ...(taskRole === undefined ? {} : { taskRoleArn: roleArn(taskRole) }),
    executionRoleArn: roleArn(
      options.executionRole ?? pattern?.executionRoleArn ?? `mwaa-console-${environment.name}-execution`,
    ),
  };
}

/** The task definition to take after; one that somebody named has to be there, one from a record may be gone. */
async function patternDefinition(
  session: Session,
  reference: string,
  { taskDefinition }: DeploymentOptions,
  signal: AbortSignal,
): Promise<TaskDefinition | undefined> {
  try {
    return await readTaskDefinition(session, reference, signal);
  } catch (error) {
    if (taskDefinition === undefined && error instanceof Failure && error.kind === 'not-found') return undefined;
    throw error;
  }
}

/**
 * The pattern's image, when it is of the wanted version: an ingestion has to match its server. Of the version that the
 * ingestion itself had until now, the wanted one of the same repository: whoever mirrors the image goes on to.
 */
function imageOf(
  definition: TaskDefinition | undefined,
  version: string,
  until: string | undefined,
): string | undefined {
  const image = definition && mainContainer(definition)?.image;
  if (image?.endsWith(`:${version}`)) return image;
  return until && image?.endsWith(`:${until}`) ? `${image.slice(0, -until.length)}${version}` : undefined;
}

function architectureOf(text: string | undefined): Architecture | undefined {
  return ARCHITECTURES.find((each) => each === text);
}

function positive(text: string | undefined): number | undefined {
  const value = Number(text);
  return value > 0 ? value : undefined;
}
