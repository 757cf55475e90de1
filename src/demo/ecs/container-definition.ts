import {
  isStructure,
  optionalBoolean,
  optionalNumber,
  optionalString,
  optionalStrings,
  optionalStructure,
  optionalStructures,
} from '../members.ts';
import type { Input } from '../service.ts';
import { clientError } from './errors.ts';
import type { ContainerDefinition } from './model.ts';

const FARGATE_DRIVERS: readonly string[] = ['awslogs', 'splunk', 'awsfirelens'];
const AWSLOGS_NEEDED = ['awslogs-group', 'awslogs-region', 'awslogs-stream-prefix'] as const;
const AWSLOGS_KNOWN: readonly string[] = [
  ...AWSLOGS_NEEDED,
  'awslogs-create-group',
  'awslogs-datetime-format',
  'awslogs-multiline-pattern',
  'awslogs-endpoint',
  'max-buffer-size',
  'mode',
];

/** Reads one container definition as it came. Throws ClientException where ECS refuses it. */
export function readContainer(input: Input, fargate: boolean): ContainerDefinition {
  const name = optionalString(input, 'name') ?? '';
  if (name === '') throw clientError('Container.name should not be null or empty.');
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) throw clientError(`Invalid 'name' setting for container '${name}'.`);
  const image = optionalString(input, 'image') ?? '';
  if (image === '') throw clientError('Container.image should not be null or empty.');
  if (/\s/.test(image) || image.length > 255) throw clientError('Container.image contains invalid characters.');
  const stopTimeout = optionalNumber(input, 'stopTimeout') ?? 30;
  if (fargate && (stopTimeout < 0 || stopTimeout > 120)) {
    throw clientError(`Invalid value for stopTimeout. The maximum is 120 seconds for container '${name}'.`);
  }
  const memory = optionalNumber(input, 'memory');
  const memoryReservation = optionalNumber(input, 'memoryReservation');
  if (memory !== undefined && memory < 6) {
    throw clientError(`Invalid setting for container '${name}'. 'memory' must be at least 6 MiB.`);
  }
  if (memory !== undefined && memoryReservation !== undefined && memoryReservation > memory) {
    throw clientError(
      `Invalid setting for container '${name}'. 'memory' must be greater than or equal to 'memoryReservation'.`,
    );
  }
  const linux = optionalStructure(input, 'linuxParameters');
  return {
    name,
    image,
    cpu: optionalNumber(input, 'cpu') ?? 0,
    memory,
    memoryReservation,
    essential: optionalBoolean(input, 'essential') ?? true,
    command: optionalStrings(input, 'command'),
    entryPoint: optionalStrings(input, 'entryPoint'),
    environment: readEnvironment(input),
    environmentFiles: readEnvironmentFiles(input),
    secrets: (optionalStructures(input, 'secrets') ?? []).map((secret) => ({
      name: required(secret, 'name', name),
      valueFrom: required(secret, 'valueFrom', name),
    })),
    awslogs: readLogging(input, name, fargate),
    stopTimeout,
    initProcess: linux !== undefined && optionalBoolean(linux, 'initProcessEnabled') === true,
    registered: described(input),
  };
}

function required(input: Input, member: string, container: string): string {
  const value = optionalString(input, member) ?? '';
  if (value === '')
    throw clientError(
      `The Systems Manager parameter name or Secrets Manager ARN is invalid for container ${container}.`,
    );
  return value;
}

/** The name-value pairs of a container's or an override's environment. */
export function readEnvironment(input: Input): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const variable of optionalStructures(input, 'environment') ?? []) {
    const name = optionalString(variable, 'name') ?? '';
    if (name === '') throw clientError('Environment variable name cannot be empty.');
    environment[name] = optionalString(variable, 'value') ?? '';
  }
  return environment;
}

/** The S3 ARNs of a container's or an override's environment files. */
export function readEnvironmentFiles(input: Input): readonly string[] {
  const files = optionalStructures(input, 'environmentFiles') ?? [];
  if (files.length > 10) throw clientError('A container can have no more than 10 environment files.');
  return files.map((file) => {
    const value = optionalString(file, 'value') ?? '';
    if (optionalString(file, 'type') !== 's3' || !/^arn:aws[\w-]*:s3:::[^/]+\/.+\.env$/.test(value)) {
      throw clientError('Environment file is invalid: its type has to be s3 and its object key has to end in .env.');
    }
    return value;
  });
}

function readLogging(input: Input, container: string, fargate: boolean): Readonly<Record<string, string>> | undefined {
  const logging = optionalStructure(input, 'logConfiguration');
  if (logging === undefined) return undefined;
  const driver = optionalString(logging, 'logDriver') ?? '';
  if (fargate && !FARGATE_DRIVERS.includes(driver)) {
    throw clientError(
      `Fargate only supports the log drivers ${FARGATE_DRIVERS.join(', ')}: container '${container}' has '${driver}'.`,
    );
  }
  const options: Record<string, string> = {};
  for (const [key, value] of Object.entries(optionalStructure(logging, 'options') ?? {})) options[key] = String(value);
  if (driver !== 'awslogs') return undefined;
  const missing = AWSLOGS_NEEDED.filter((option) => (options[option] ?? '') === '');
  if (fargate && missing.length > 0) {
    throw clientError(`Log driver awslogs requires options: ${missing.join(', ')}.`);
  }
  const unknown = Object.keys(options).filter((option) => !AWSLOGS_KNOWN.includes(option));
  if (unknown.length > 0) throw clientError(`Log driver awslogs disallows options: ${unknown.join(', ')}.`);
  if (options['awslogs-datetime-format'] !== undefined && options['awslogs-multiline-pattern'] !== undefined) {
    throw clientError('awslogs-datetime-format and awslogs-multiline-pattern cannot both be configured.');
  }
  if (options.mode !== undefined && options.mode !== 'blocking' && options.mode !== 'non-blocking') {
    throw clientError(`Log driver awslogs: mode has to be blocking or non-blocking, not ${options.mode}.`);
  }
  return options;
}

/** A container definition as DescribeTaskDefinition has it: what was sent and the defaults beside it. */
function described(input: Input): Input {
  return {
    cpu: 0,
    portMappings: [],
    essential: true,
    environment: [],
    mountPoints: [],
    volumesFrom: [],
    systemControls: [],
    ...Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null && value !== undefined)),
    ...(isStructure(input.logConfiguration)
      ? { logConfiguration: { secretOptions: [], ...input.logConfiguration } }
      : {}),
  };
}
