import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  containerFromOptions,
  type DeploymentOptions,
  requestFromOptions,
  scheduleFromOptions,
} from '../deployment/options.ts';
import { askedVersion } from '../deployment/resolve.ts';
import { modes } from '../ingestion/modes/index.ts';
import { factsOf } from '../ingestion/modes/verdict.ts';
import { checkDagId, dagIdFor, secretName } from '../ingestion/names.ts';
import { type Pipeline, readPipeline, requireSound } from '../ingestion/pipeline.ts';
import { pluginNeed } from '../ingestion/plugins.ts';
import type { DeploymentRequest, EcsTarget, IngestionMode } from '../ingestion/request.ts';
import { requirementsFindings } from '../ingestion/requirements/need.ts';
import { ecsDefaults } from '../ingestion/task-definition.ts';
import { optional } from '../ingestion/values.ts';
import { partitionOf } from '../reference/partitions.ts';
import { Failure } from '../text/failure.ts';
import { deploymentOptions, readPipelineFile, readText } from './pipeline-file.ts';
import { present } from './present.ts';
import type { Verb, VerbOptions } from './program.ts';

/** Stand in where nobody named the network: valid ids that no account has, to be replaced in the DAG. */
const NO_SUBNET = 'subnet-00000000000000000';
const NO_SECURITY_GROUP = 'sg-00000000000000000';

/** `generate`: the files of a mode, without a call to AWS. */
export const generate: Verb = async (context, _, options) => {
  const { text, file } = await readPipelineFile(context, options);
  const pipeline = readPipeline(text, file);
  const requirements =
    options.requirements === undefined
      ? undefined
      : await readText(String(options.requirements), "Name the environment's requirements.txt with --requirements.");
  const request = {
    ...(await requestOf(pipeline, options, context.options.region ?? 'eu-west-1', context.signal)),
    ...optional('requirements', requirements),
  };
  const mode = modes.find(({ id }) => id === request.mode);
  if (mode === undefined) throw new Failure('refused', `There is no mode ${request.mode}.`);
  const files = mode.files(request);
  const folder = String(options.out);
  const written = await writeAll(folder, files);
  for (const finding of pipeline.findings) {
    context.print.note(
      `${file}:${finding.line}:${finding.column}: ${finding.key}: ${finding.message} ${finding.advice}`,
      'warn',
    );
  }
  for (const note of notesOn(request)) context.print.note(note, 'warn');
  if (request.ecs?.subnets.includes(NO_SUBNET) || request.ecs?.securityGroups.includes(NO_SECURITY_GROUP)) {
    context.print.note(
      'No --subnet or --security-group was given: replace the zeros in the DAG before you use it.',
      'warn',
    );
  }
  await present(context, { dagId: request.dagId, mode: request.mode, files: written }, () => {
    for (const path of written) context.print.line(path);
  });
  return 0;
};

/** What to know of the files: what speaks against the mode, and what they can't do by themselves. */
function notesOn(request: DeploymentRequest): string[] {
  const verdict = modes.find(({ id }) => id === request.mode)?.verdict(factsOf(request));
  const plugin = pluginNeed(request);
  const options = Object.entries(plugin?.configuration ?? {}).map(([key, value]) => `${key}=${value}`);
  return [
    ...(verdict?.reasons ?? []).filter(({ severity }) => severity === 'warning').map(({ text }) => text),
    ...requirementsFindings(request).map(({ line, text }) => `requirements.txt:${line}: ${text}`),
    ...(plugin === undefined
      ? []
      : [`Add what is in plugins/ to plugins.zip, and the Airflow configuration option ${options.join(', ')}.`]),
  ];
}

async function requestOf(
  pipeline: Pipeline,
  options: VerbOptions,
  region: string,
  signal: AbortSignal,
): Promise<DeploymentRequest> {
  const wanted = deploymentOptions(options);
  const mode = options.mode as IngestionMode;
  const airflowVersion = String(options.airflowVersion);
  const openmetadataVersion = wanted.openmetadataVersion ?? (await askedVersion(pipeline, signal));
  requireSound(pipeline, { openmetadataVersion, airflowVersion, mode });
  const environment = String(options.environment);
  const account = String(options.account);
  const dagId = wanted.dagId ?? dagIdFor(pipeline);
  checkDagId(dagId);
  return {
    environment,
    account,
    region,
    mode,
    dagId,
    pipeline,
    openmetadataVersion,
    airflowVersion,
    ...scheduleFromOptions(wanted),
    ...requestFromOptions(wanted),
    ...(options.privateWebServer === true ? { webserverAccessMode: 'PRIVATE_ONLY' } : {}),
    ...(mode === 'ecs'
      ? { ecs: ecsTarget(pipeline, wanted, { environment, account, region, openmetadataVersion }) }
      : {}),
    executionRoleName: `mwaa-${environment}-role`,
    secretName: wanted.secret ?? secretName(environment, dagId),
    dagsPath: 'dags',
  };
}

function ecsTarget(
  pipeline: Pipeline,
  wanted: DeploymentOptions,
  place: { environment: string; account: string; region: string; openmetadataVersion: string },
): EcsTarget {
  const { environment, account, region } = place;
  const defaults = ecsDefaults(pipeline, place.openmetadataVersion, wanted.registry);
  const roleArn = (role: string) =>
    role.startsWith('arn:') ? role : `arn:${partitionOf(region)}:iam::${account}:role/${role}`;
  const taskRole = wanted.taskRole ?? (defaults.needsTaskRole ? `mwaa-console-${environment}-task` : undefined);
  const cluster = wanted.cluster ?? 'openmetadata-ingestion';
  return {
    cluster,
    container: wanted.container ?? 'openmetadata-ingestion',
    subnets: wanted.subnets ?? [NO_SUBNET],
    securityGroups: wanted.securityGroups ?? [NO_SECURITY_GROUP],
    assignPublicIp: false,
    logGroup: wanted.logGroup ?? `/ecs/${cluster}`,
    image: wanted.image ?? defaults.image,
    cpu: wanted.cpu ?? defaults.cpu,
    memory: wanted.memory ?? defaults.memory,
    ...containerFromOptions(wanted),
    ...(taskRole === undefined ? {} : { taskRoleArn: roleArn(taskRole) }),
    executionRoleArn: roleArn(wanted.executionRole ?? `mwaa-console-${environment}-execution`),
  };
}

/** Writes the files; nothing is written when the folder can't be made. The paths as they were written. */
async function writeAll(
  folder: string,
  files: readonly { readonly path: string; readonly content: string; readonly mode?: number }[],
): Promise<string[]> {
  const written: string[] = [];
  try {
    for (const { path, content, mode } of files) {
      const place = join(folder, path);
      await mkdir(dirname(place), { recursive: true });
      await writeFile(place, content, mode === undefined ? {} : { mode });
      // One that is there keeps its own mode.
      if (mode !== undefined) await chmod(place, mode);
      written.push(place);
    }
  } catch (cause) {
    throw new Failure('invalid-input', `${folder} can't be written to: ${(cause as Error).message}`, {
      advice: 'Name a folder of yours with --out.',
      cause,
    });
  }
  return written;
}
