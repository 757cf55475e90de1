import { fargateMemories, fargateSizes } from '../reference/fargate-sizes.ts';
import { isVersion } from '../reference/version.ts';
import { Failure } from '../text/failure.ts';
import { checkDagId } from './names.ts';
import type { DeploymentRequest, EcsTarget, RunOptions } from './request.ts';
import { scheduleFault } from './schedule.ts';

/** What one value has to look like: a pattern that the service itself holds to. */
interface Shape {
  readonly what: string;
  readonly pattern: RegExp;
  readonly advice: string;
}

const ENVIRONMENT: Shape = {
  what: 'the environment',
  pattern: /^[A-Za-z][0-9A-Za-z_-]{0,79}$/,
  advice: "Give the environment's name as MWAA shows it.",
};
const REGION: Shape = { what: 'the region', pattern: /^[a-z]{2,4}(-[a-z]+)+-\d+$/, advice: 'Such as eu-west-1.' };
const ACCOUNT: Shape = { what: 'the account', pattern: /^\d{12}$/, advice: 'An account id has 12 digits.' };
const SECRET: Shape = {
  what: 'the name of the secret',
  pattern: /^[A-Za-z0-9/_+=.@-]{1,512}$/,
  advice: 'Secrets Manager takes letters, digits and /_+=.@- there.',
};
const CLUSTER: Shape = {
  what: 'the cluster',
  pattern: /^(arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:cluster\/)?[A-Za-z0-9_-]{1,255}$/,
  advice: "Give the cluster's name or ARN.",
};
const CONTAINER: Shape = {
  what: 'the container',
  pattern: /^[A-Za-z0-9_-]{1,255}$/,
  advice: 'ECS takes letters, digits, - and _ there.',
};
const SUBNET: Shape = {
  what: 'a subnet',
  pattern: /^subnet-[0-9a-f]{8,17}$/,
  advice: 'Such as subnet-0a1b2c3d4e5f60011.',
};
const SECURITY_GROUP: Shape = {
  what: 'a security group',
  pattern: /^sg-[0-9a-f]{8,17}$/,
  advice: 'Such as sg-0a1b2c3d4e5f60031.',
};
const LOG_GROUP: Shape = {
  what: 'the log group',
  pattern: /^[A-Za-z0-9_./#-]{1,512}$/,
  advice: 'CloudWatch Logs takes letters, digits and _-/.# there.',
};
const STREAM_PREFIX: Shape = {
  what: 'the log stream prefix',
  pattern: /^[^:*\s{}]{1,200}$/,
  advice: 'CloudWatch Logs takes no : and * there.',
};
const IMAGE: Shape = {
  what: 'the image',
  pattern: /^[A-Za-z0-9][A-Za-z0-9._/:@-]{0,254}$/,
  advice: 'Such as docker.io/openmetadata/ingestion-base:1.12.8.',
};
const ROLE: Shape = {
  what: 'a role',
  pattern: /^arn:aws[a-z-]*:iam::\d{12}:role\/[A-Za-z0-9+=,.@_/-]{1,576}$/,
  advice: "Give the role's ARN.",
};
const USER: Shape = {
  what: 'the user',
  pattern: /^[A-Za-z0-9_][A-Za-z0-9_-]{0,31}(:[A-Za-z0-9_][A-Za-z0-9_-]{0,31})?$/,
  advice: 'Give a uid or name, with its group behind a colon or without, such as 1000:1000.',
};
const KMS_KEY: Shape = {
  what: "the secret's key",
  pattern: /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[0-9a-zA-Z-]{1,64}$/,
  advice: "Give the key's ARN, not an alias.",
};
const EXTRA: Shape = {
  what: 'an extra of openmetadata-ingestion',
  pattern: /^[a-z0-9]+([-_][a-z0-9]+)*$/,
  advice: 'Such as snowflake or datalake-s3; see docs.open-metadata.org, or the package on PyPI.',
};
const TASK_DEFINITION: Shape = {
  what: 'the task definition',
  pattern: /^arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:task-definition\/[A-Za-z0-9_-]{1,255}(:\d+)?$/,
  advice: "Give the revision's ARN.",
};

/** Minutes. */
const WEEK = 7 * 24 * 60;

/**
 * Throws Failure `invalid-input` for a request that holds what a service or a template would not take. Everything that
 * ends up in a template field of the operator is among it, so nothing can slip a Jinja expression in.
 */
export function checkRequest(request: DeploymentRequest): void {
  checkDagId(request.dagId);
  hold(ENVIRONMENT, request.environment);
  hold(REGION, request.region);
  hold(ACCOUNT, request.account);
  hold(SECRET, request.secretName);
  for (const [what, version] of [
    ['Airflow', request.airflowVersion],
    ['OpenMetadata', request.openmetadataVersion],
  ] as const) {
    if (!isVersion(version)) throw refused(`the ${what} version`, version, 'Such as 2.10.3 or 1.12.8.');
  }
  const fault = request.schedule === undefined ? undefined : scheduleFault(request.schedule, request.airflowVersion);
  if (fault !== undefined) {
    const advice = 'Use five cron fields, such as "0 4 * * *", or a preset such as @daily.';
    throw refused('the schedule', request.schedule ?? '', advice, fault);
  }
  for (const extra of request.extras ?? []) hold(EXTRA, extra);
  if (request.secretKmsKeyArn !== undefined) hold(KMS_KEY, request.secretKmsKeyArn);
  if (request.run !== undefined) checkRun(request.run);
  if (request.ecs !== undefined) checkEcsTarget(request.ecs);
}

function checkRun({ retries = 0, timeout = 1, startDate = '2024-01-01' }: RunOptions): void {
  if (!Number.isInteger(retries) || retries < 0 || retries > 10) {
    throw refused('the number of retries', String(retries), 'Give 0 to 10.');
  }
  if (!Number.isInteger(timeout) || timeout < 1 || timeout > WEEK) {
    throw refused('the time-out', String(timeout), `Give minutes, at most ${WEEK}.`);
  }
  const time = /^\d{4}-\d\d-\d\d$/.test(startDate) ? new Date(`${startDate}T00:00:00Z`).getTime() : Number.NaN;
  // A day that no month has is read as one of the next.
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== startDate || time < 0) {
    throw refused('the start date', startDate, 'Give a day as 2026-01-31.');
  }
}

function checkEcsTarget(ecs: EcsTarget): void {
  hold(CLUSTER, ecs.cluster);
  hold(CONTAINER, ecs.container);
  hold(LOG_GROUP, ecs.logGroup);
  hold(IMAGE, ecs.image);
  hold(ROLE, ecs.executionRoleArn);
  if (ecs.logStreamPrefix !== undefined) hold(STREAM_PREFIX, ecs.logStreamPrefix);
  if (ecs.user !== undefined) hold(USER, ecs.user);
  if (ecs.taskRoleArn !== undefined) hold(ROLE, ecs.taskRoleArn);
  if (ecs.taskDefinitionArn !== undefined) hold(TASK_DEFINITION, ecs.taskDefinitionArn);
  for (const subnet of ecs.subnets) hold(SUBNET, subnet);
  for (const group of ecs.securityGroups) hold(SECURITY_GROUP, group);
  between('subnets', ecs.subnets.length, 1, 16);
  between('security groups', ecs.securityGroups.length, 0, 5);
  const memories = fargateMemories(ecs.cpu);
  if (memories.includes(ecs.memory)) return;
  throw new Failure(
    'invalid-input',
    memories.length === 0
      ? `Fargate has no tasks with ${ecs.cpu} CPU units.`
      : `Fargate has no tasks with ${ecs.cpu} CPU units and ${ecs.memory} MiB.`,
    {
      advice:
        memories.length === 0
          ? `Choose one of ${fargateSizes.map(({ cpu }) => cpu).join(', ')} with --cpu.`
          : `With ${ecs.cpu} CPU units, --memory takes ${memoryWords(memories)}.`,
    },
  );
}

function memoryWords(memories: readonly number[]): string {
  if (memories.length <= 4) return `${memories.join(', ')} MiB`;
  const [first = 0, second = 0] = memories;
  return `${first} to ${memories.at(-1)} MiB in steps of ${second - first}`;
}

function between(what: string, count: number, minimum: number, maximum: number): void {
  if (count >= minimum && count <= maximum) return;
  throw new Failure('invalid-input', `A task takes ${minimum} to ${maximum} ${what}; ${count} are given.`, {
    advice: `Name them with --${what.replace(' ', '-').replace(/s$/, '')}.`,
  });
}

function hold({ what, pattern, advice }: Shape, value: string): void {
  if (!pattern.test(value)) throw refused(what, value, advice);
}

function refused(what: string, value: string, advice: string, why?: string): Failure {
  const message = `${JSON.stringify(value)} can't be ${what}${why === undefined ? '' : `: ${why}`}.`;
  return new Failure('invalid-input', message, { advice, resource: value });
}
