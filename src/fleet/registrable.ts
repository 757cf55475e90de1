import { unlessMissing } from '../aws/found.ts';
import type { Session } from '../aws/session.ts';

/** What RegisterTaskDefinition takes. */
export type RegisterInput = Parameters<Session['ecs']['registerTaskDefinition']>[0];
/** A task definition as ECS describes it. */
export type Registered = NonNullable<Awaited<ReturnType<Session['ecs']['describeTaskDefinition']>>['taskDefinition']>;

/**
 * A task definition by family, `family:revision` or ARN, a deregistered revision too; a family alone means its newest
 * active revision. Undefined where there is none.
 */
export async function describeRevision(
  { ecs }: Session,
  reference: string,
  signal: AbortSignal,
): Promise<Registered | undefined> {
  return (await unlessMissing(ecs.describeTaskDefinition({ taskDefinition: reference }, { signal })))?.taskDefinition;
}

/** What of a described task definition can be registered again; the rest ECS adds by itself. */
const MEMBERS = [
  'taskRoleArn',
  'executionRoleArn',
  'networkMode',
  'containerDefinitions',
  'volumes',
  'placementConstraints',
  'requiresCompatibilities',
  'cpu',
  'memory',
  'pidMode',
  'ipcMode',
  'proxyConfiguration',
  'inferenceAccelerators',
  'ephemeralStorage',
  'runtimePlatform',
  'enableFaultInjection',
] as const satisfies readonly (keyof Registered & keyof RegisterInput)[];

/** What a task definition says, as it can be registered again under any family. */
export function registrable(definition: Registered): Omit<RegisterInput, 'family'> {
  const given = MEMBERS.flatMap((name) => (isEmpty(definition[name]) ? [] : [[name, definition[name]] as const]));
  return { containerDefinitions: definition.containerDefinitions, ...Object.fromEntries(given) };
}

/** ECS answers lists that nobody gave as empty ones, and refuses some of them when they are sent back. */
function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}
