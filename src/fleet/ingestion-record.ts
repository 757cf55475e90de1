import { Failure } from '../text/failure.ts';
import type { Ingestion } from './ingestions.ts';

const MODES = ['ecs', 'python', 'virtualenv'] as const;

/**
 * Reads the record of an ingestion.
 * @param place where it lies, for the message.
 * @throws Failure `service` when it is not a record that this version can read.
 */
export function ingestionFrom(record: string, place: string): Ingestion {
  const refuse = (why: string): Failure =>
    new Failure('service', `The record of an ingestion can't be read: ${place}: ${why}.`, {
      advice: 'Deploy the ingestion again to write it anew, or restore an older version of the object.',
      resource: place,
    });
  let value: unknown;
  try {
    value = JSON.parse(record);
  } catch {
    throw refuse('it is not JSON');
  }
  if (!isObject(value)) throw refuse('it is not an object');
  if (value.schema !== 1) throw refuse(`its schema is ${JSON.stringify(value.schema)}, this version knows 1`);
  const source = value;
  const text = (member: string): string => {
    const found = source[member];
    if (typeof found !== 'string' || found === '') throw refuse(`${member} is missing`);
    return found;
  };
  const optional = (member: string): string | undefined => {
    const found = source[member];
    return typeof found === 'string' && found !== '' ? found : undefined;
  };
  const mode = MODES.find((each) => each === source.mode);
  if (mode === undefined) throw refuse(`mode is ${JSON.stringify(source.mode)}`);
  const pipeline = isObject(source.pipeline) ? source.pipeline : {};
  return {
    schema: 1,
    dagId: text('dagId'),
    mode,
    openmetadataVersion: optional('openmetadataVersion') ?? '',
    airflowVersion: optional('airflowVersion') ?? '',
    pipeline: {
      serviceName: typeof pipeline.serviceName === 'string' ? pipeline.serviceName : undefined,
      sourceType: typeof pipeline.sourceType === 'string' ? pipeline.sourceType : '',
      pipelineType: typeof pipeline.pipelineType === 'string' ? pipeline.pipelineType : '',
    },
    secretArn: optional('secretArn') ?? '',
    cluster: optional('cluster'),
    taskDefinitionArn: optional('taskDefinitionArn'),
    container: optional('container'),
    logGroup: optional('logGroup'),
    logStreamPrefix: optional('logStreamPrefix'),
    subnets: textList(source.subnets),
    securityGroups: textList(source.securityGroups),
    assignPublicIp: typeof source.assignPublicIp === 'boolean' ? source.assignPublicIp : undefined,
    dagKey: text('dagKey'),
    dagVersionId: optional('dagVersionId'),
    policyName: optional('policyName') ?? '',
    policyDigest: optional('policyDigest'),
    executionRoleName: optional('executionRoleName') ?? '',
    schedule: optional('schedule'),
    deploymentId: optional('deploymentId') ?? '',
    deployedAt: timeFrom(source.deployedAt),
    deployedBy: optional('deployedBy') ?? '',
  };
}

function timeFrom(value: unknown): number {
  const ms = typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(ms) ? ms : 0;
}

function textList(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
