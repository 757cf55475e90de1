import { simulate } from '../../aws/simulate.ts';
import { findOperation, type ServiceName } from '../../reference/operations.ts';
import { partitionOf } from '../../reference/partitions.ts';
import { resourceOf } from '../../reference/permissions.ts';
import type { Step, StepKind, Target } from '../step.ts';
import type { CheckDefinition } from './check.ts';

const SOURCE = 'https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html';

/** Operations by name, for steps of every kind. */
type Calls = Readonly<Record<StepKind, readonly `${ServiceName}.${string}`[]>>;

/** What a step of a kind calls that makes or changes its resource. */
const WRITES: Calls = {
  secret: ['secretsManager.CreateSecret', 'secretsManager.PutSecretValue'],
  'log-group': ['logs.CreateLogGroup', 'logs.PutRetentionPolicy'],
  role: ['iam.CreateRole'],
  'role-policy': ['iam.PutRolePolicy'],
  cluster: ['ecs.CreateCluster'],
  'task-definition': ['ecs.RegisterTaskDefinition'],
  constraints: ['s3.PutObject'],
  requirements: ['s3.PutObject'],
  plugins: ['s3.PutObject'],
  'airflow-options': [],
  'environment-update': ['mwaa.UpdateEnvironment'],
  probe: ['s3.PutObject', 's3.DeleteObject', 'mwaa.InvokeRestApi'],
  dag: ['s3.PutObject'],
  airflow: ['mwaa.InvokeRestApi'],
  unpause: ['mwaa.InvokeRestApi'],
};
/** What one calls that takes its resource away; a plan takes away nothing of another kind. */
const DELETES: Partial<Calls> = {
  'role-policy': ['iam.DeleteRolePolicy'],
  'task-definition': ['ecs.DeregisterTaskDefinition'],
  constraints: ['s3.DeleteObject'],
};
/** Lock and journal are written whatever the steps are. */
const ALWAYS = ['s3.PutObject'] as const;
/** Asked apart: it is about the roles that are handed on, and hangs on who they are handed to. */
const PASS_ROLE = 'iam:PassRole';

/** The operations by which a step changes what it acts on. */
export function callsOf({ kind, action }: Pick<Step, 'kind' | 'action'>): Calls[StepKind] {
  return (action === 'delete' ? DELETES[kind] : undefined) ?? WRITES[kind];
}

/** What IAM predicts for the caller: each action that the plan's own steps take, on the resource that they take it on. */
export const callerAllowed: CheckDefinition = {
  id: 'caller-permissions',
  source: SOURCE,
  look: async (preflight, signal) => {
    const steps = await preflight.steps;
    const names = new Set([...ALWAYS, ...steps.flatMap(callsOf)]);
    const actions = new Set(
      [...names].flatMap((name) => {
        const [service = '', operation = ''] = name.split('.');
        return findOperation(service, operation)?.actions ?? [];
      }),
    );
    actions.delete(PASS_ROLE);
    const principal = await preflight.surroundings.caller();
    const calls = [...actions].map((action) => ({ action, resource: filledIn(resourceOf(action), preflight) }));
    const denied = (await simulate(preflight.session, { principal, calls }, signal))
      .filter(({ decision }) => decision === 'denied')
      .map(({ action, resource }) => (resource === '*' ? action : `${action} on ${resource}`));
    if (denied.length === 0) {
      return { verdict: 'pass', evidence: `${principal} may take every step, as IAM predicts it` };
    }
    return {
      verdict: 'warning',
      evidence: `IAM predicts that ${principal} is refused ${denied.join(', ')}`,
      advice: 'A prediction: deploying shows. docs/PERMISSIONS.md has the policy that deploying needs.',
    };
  },
};

/** The caller may hand the task's roles to ECS: registering a task definition and starting it both take that. */
export const passRole: CheckDefinition = {
  id: 'pass-role',
  source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security_iam_id-based-policy-examples.html',
  look: async ({ session, surroundings, request: { ecs } }, signal) => {
    if (ecs === undefined) return undefined;
    const roles = [ecs.executionRoleArn, ...(ecs.taskRoleArn === undefined ? [] : [ecs.taskRoleArn])];
    const principal = await surroundings.caller();
    const calls = roles.map((resource) => ({ action: PASS_ROLE, resource }));
    const context = { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' };
    const refused = (await simulate(session, { principal, calls, context }, signal))
      .filter(({ decision }) => decision === 'denied')
      .map(({ resource }) => resource);
    if (refused.length === 0) {
      return { verdict: 'pass', evidence: `${principal} may hand ${roles.join(', ')} to ECS, as IAM predicts it` };
    }
    return {
      verdict: 'warning',
      evidence: `IAM predicts that ${principal} is refused ${PASS_ROLE} on ${refused.join(', ')}`,
      advice: 'Allow iam:PassRole on these roles, with iam:PassedToService ecs-tasks.amazonaws.com.',
    };
  },
};

/** The narrowest resource of an action with this deployment's own names; `*` where it is told in words only. */
function filledIn(resource: string, { environment, request }: Target): string {
  if (!resource.startsWith('arn:')) return '*';
  const names: Readonly<Record<string, string>> = {
    REGION: request.region,
    ACCOUNT: request.account,
    ENVIRONMENT: request.environment,
    BUCKET: environment.sourceBucket,
    CLUSTER: request.ecs?.cluster ?? '',
    LOG_GROUP: request.ecs?.logGroup ?? '',
  };
  return resource
    .replace(/^arn:aws:/, `arn:${partitionOf(request.region)}:`)
    .replace(/\b(REGION|ACCOUNT|ENVIRONMENT|BUCKET|CLUSTER|LOG_GROUP)\b/g, (name) => names[name] ?? name);
}
