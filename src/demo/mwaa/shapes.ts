import { isStructure } from '../members.ts';
import { AwsError, type Input } from '../service.ts';

/** A shape of the service's model, as far as it constrains. */
type Shape =
  | {
      readonly kind: 'string';
      readonly least?: number;
      readonly most?: number;
      readonly pattern?: RegExp;
      readonly values?: readonly string[];
    }
  | { readonly kind: 'integer'; readonly least?: number; readonly most?: number }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'list'; readonly of: Shape; readonly least: number; readonly most: number }
  | {
      readonly kind: 'structure';
      readonly members: Readonly<Record<string, Shape>>;
      readonly required: readonly string[];
    }
  | { readonly kind: 'map'; readonly key: Shape; readonly value: Shape; readonly most: number };

const text = (most: number, pattern?: RegExp): Shape => ({
  kind: 'string',
  least: 1,
  most,
  ...(pattern === undefined ? {} : { pattern }),
});
const oneOf = (...values: string[]): Shape => ({ kind: 'string', values });
const integer = (least: number, most?: number): Shape => ({
  kind: 'integer',
  least,
  ...(most === undefined ? {} : { most }),
});

export const NAME: Shape = text(80, /^[a-zA-Z][0-9a-zA-Z\-_]*$/);
const PATH = text(1024);
const VERSION_ID = text(1024);
const ROLE = text(1224, /^arn:aws(-[a-z]+)?:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/);
const TAG = text(256, /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u);
const SECURITY_GROUPS: Shape = { kind: 'list', of: text(1024, /^sg-[a-zA-Z0-9\-._]+$/), least: 1, most: 5 };
const SUBNETS: Shape = { kind: 'list', of: text(1024, /^subnet-[a-zA-Z0-9\-._]+$/), least: 2, most: 2 };

const structure = (members: Readonly<Record<string, Shape>>, ...required: string[]): Shape & { kind: 'structure' } => ({
  kind: 'structure',
  members,
  required,
});

const MODULE = structure(
  { Enabled: { kind: 'boolean' }, LogLevel: oneOf('CRITICAL', 'ERROR', 'WARNING', 'INFO', 'DEBUG') },
  'Enabled',
  'LogLevel',
);

export const TAGS: Shape = { kind: 'map', key: text(128, /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u), value: TAG, most: 50 };

const SHARED: Readonly<Record<string, Shape>> = {
  ExecutionRoleArn: ROLE,
  AirflowConfigurationOptions: {
    kind: 'map',
    key: text(64, /^[a-z]+([a-z0-9._]*[a-z0-9_]+)?$/),
    value: text(65_536, /^[ -~]+$/),
    most: 1000,
  },
  AirflowVersion: text(32, /^[0-9a-z.]+$/),
  DagS3Path: PATH,
  EnvironmentClass: text(1024),
  LoggingConfiguration: structure({
    DagProcessingLogs: MODULE,
    SchedulerLogs: MODULE,
    WebserverLogs: MODULE,
    WorkerLogs: MODULE,
    TaskLogs: MODULE,
  }),
  MaxWorkers: integer(1),
  MinWorkers: integer(1),
  MaxWebservers: integer(1),
  MinWebservers: integer(1),
  PluginsS3Path: PATH,
  PluginsS3ObjectVersion: VERSION_ID,
  RequirementsS3Path: PATH,
  RequirementsS3ObjectVersion: VERSION_ID,
  Schedulers: integer(1, 5),
  SourceBucketArn: text(1224, /^arn:aws(-[a-z]+)?:s3:::[a-z0-9.-]+$/),
  StartupScriptS3Path: PATH,
  StartupScriptS3ObjectVersion: VERSION_ID,
  WebserverAccessMode: oneOf('PRIVATE_ONLY', 'PUBLIC_ONLY', 'PUBLIC_AND_PRIVATE'),
  WeeklyMaintenanceWindowStart: text(9, /^(MON|TUE|WED|THU|FRI|SAT|SUN):([01]\d|2[0-3]):(00|30)$/),
};

/** Input of UpdateEnvironment: subnets, key, tags and endpoint management are not in it (botocore, mwaa 2020-07-01). */
export const UPDATE: Shape = structure({
  ...SHARED,
  NetworkConfiguration: structure({ SecurityGroupIds: SECURITY_GROUPS }, 'SecurityGroupIds'),
  WorkerReplacementStrategy: oneOf('FORCED', 'GRACEFUL'),
});

export const CREATE: Shape = structure(
  {
    ...SHARED,
    NetworkConfiguration: structure({ SubnetIds: SUBNETS, SecurityGroupIds: SECURITY_GROUPS }),
    KmsKey: text(1224),
    Tags: TAGS,
    EndpointManagement: oneOf('CUSTOMER', 'SERVICE'),
  },
  'ExecutionRoleArn',
  'SourceBucketArn',
  'DagS3Path',
  'NetworkConfiguration',
);

export const INVOKE: Shape = structure(
  { Path: text(64), Method: oneOf('GET', 'PUT', 'POST', 'PATCH', 'DELETE') },
  'Path',
  'Method',
);

/** The service's error for what it doesn't take. */
export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** Checks an input against a shape of the model; throws `ValidationException` naming every constraint that fails. */
export function validate(input: Input, shape: Shape): void {
  const problems = check('', input, shape);
  if (problems.length === 0) return;
  const count = `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected`;
  throw invalid(`${count}: ${problems.join('; ')}`);
}

function check(path: string, value: unknown, shape: Shape): string[] {
  const failed = (constraint: string): string[] => [
    `Value '${typeof value === 'string' ? value : JSON.stringify(value)}' at '${path}' failed to satisfy constraint: ${constraint}`,
  ];
  switch (shape.kind) {
    case 'string':
      return typeof value === 'string' ? checkText(value, shape, failed) : failed('Member must be a string');
    case 'integer': {
      if (typeof value !== 'number' || !Number.isInteger(value)) return failed('Member must be an integer');
      if (value < (shape.least ?? -Infinity))
        return failed(`Member must have value greater than or equal to ${shape.least}`);
      return value > (shape.most ?? Infinity)
        ? failed(`Member must have value less than or equal to ${shape.most}`)
        : [];
    }
    case 'boolean':
      return typeof value === 'boolean' ? [] : failed('Member must be a boolean');
    case 'list': {
      if (!Array.isArray(value)) return failed('Member must be a list');
      if (value.length < shape.least) return failed(`Member must have length greater than or equal to ${shape.least}`);
      if (value.length > shape.most) return failed(`Member must have length less than or equal to ${shape.most}`);
      return value.flatMap((each, index) => check(`${path}.${index + 1}.member`, each, shape.of));
    }
    case 'map': {
      if (!isStructure(value)) return failed('Member must be a map');
      const entries = Object.entries(value);
      if (entries.length > shape.most) return failed(`Map must have at most ${shape.most} entries`);
      return entries.flatMap(([key, each]) => [
        ...check(`${path}.key`, key, shape.key),
        ...check(`${path}.${key}.value`, each, shape.value),
      ]);
    }
    case 'structure':
      return isStructure(value) ? checkStructure(path, value, shape) : failed('Member must be a structure');
  }
}

function checkText(
  value: string,
  shape: Shape & { kind: 'string' },
  failed: (constraint: string) => string[],
): string[] {
  const { least = 0, most = Infinity, pattern, values } = shape;
  if (values !== undefined && !values.includes(value))
    return failed(`Member must satisfy enum value set: [${values.join(', ')}]`);
  if (value.length < least) return failed(`Member must have length greater than or equal to ${least}`);
  if (value.length > most) return failed(`Member must have length less than or equal to ${most}`);
  if (pattern === undefined || pattern.test(value)) return [];
  return failed(`Member must satisfy regular expression pattern: ${pattern.source.replace(/^\^|\$$/g, '')}`);
}

function checkStructure(path: string, value: Input, { members, required }: Shape & { kind: 'structure' }): string[] {
  const at = (name: string): string => {
    const member = name.charAt(0).toLowerCase() + name.slice(1);
    return path === '' ? member : `${path}.${member}`;
  };
  const missing = required
    .filter((name) => value[name] === undefined || value[name] === null)
    .map((name) => `Value null at '${at(name)}' failed to satisfy constraint: Member must not be null`);
  const problems = Object.entries(value).flatMap(([name, each]) => {
    const shape = Object.hasOwn(members, name) ? members[name] : undefined;
    if (shape === undefined) return [`Unknown member '${at(name)}'`];
    return each === null || each === undefined ? [] : check(at(name), each, shape);
  });
  return [...missing, ...problems];
}
