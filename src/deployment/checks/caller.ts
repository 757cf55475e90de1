import { simulate } from '../../aws/simulate.ts';
import { dagKey } from '../../ingestion/names.ts';
import { arnOf } from '../../ingestion/policy-document.ts';
import { findOperation, type ServiceName } from '../../reference/operations.ts';
import { partitionOf } from '../../reference/partitions.ts';
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
    const { environment } = preflight;
    const calls = [
      ...ALWAYS.flatMap(actionsOf).map((action) => ({
        action,
        resources: [objectArn(preflight, `mwaa-console/${environment.name}/*`)],
      })),
      ...steps.flatMap((step) =>
        callsOf(step)
          .flatMap(actionsOf)
          .map((action) => ({ action, resources: resourcesOf(action, step, preflight) })),
      ),
    ].filter(({ action }) => action !== PASS_ROLE);
    const principal = await preflight.surroundings.caller();
    const question = calls.flatMap(({ action, resources }) => resources.map((resource) => ({ action, resource })));
    const predictions = await simulate(preflight.session, { principal, calls: question }, signal);
    const isDenied = (action: string, resource: string) =>
      predictions.some((each) => each.action === action && each.resource === resource && each.decision === 'denied');
    // One of several Airflow roles is enough.
    const denied = calls.filter(({ action, resources }) => resources.every((resource) => isDenied(action, resource)));
    if (denied.length === 0) {
      return { verdict: 'pass', evidence: `${principal} may take every step, as IAM predicts it` };
    }
    const told = denied.map(({ action, resources: [resource = '*'] }) =>
      resource === '*' ? action : `${action} on ${resource}`,
    );
    return {
      verdict: 'warning',
      evidence: `IAM predicts that ${principal} is refused ${[...new Set(told)].join(', ')}`,
      advice: 'A prediction: deploying shows. docs/PERMISSIONS.md has the policy that deploying needs.',
    };
  },
};

function actionsOf(name: string): readonly string[] {
  const [service = '', operation = ''] = name.split('.');
  return findOperation(service, operation)?.actions ?? [];
}

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

/** Airflow roles that may unpause a DAG, whichever the caller has. */
const WRITING_ROLES = ['Op', 'Admin', 'User'];

/**
 * What a step's action acts on, so that who is allowed no more than that is not told to be refused; several where any of
 * them is enough. `*` for actions that know no resource (Service Authorization Reference).
 */
function resourcesOf(action: string, { kind, resource }: Step, target: Target): string[] {
  const { environment, request } = target;
  const [service = ''] = action.split(':');
  if (action === 'airflow:InvokeRestApi') {
    return WRITING_ROLES.map((role) => arnOf(request, 'airflow', `role/${environment.name}/${role}`));
  }
  if (action === 'airflow:UpdateEnvironment') {
    return [environment.arn || arnOf(request, 'airflow', `environment/${environment.name}`)];
  }
  if (service === 's3') return [objectArn(target, kind === 'probe' ? dagKey(request.dagsPath, '*') : resource)];
  if (service === 'iam') return [roleArn(resource.split(' / ')[0] ?? '', target)];
  if (service === 'secretsmanager') return [arnOf(request, 'secretsmanager', `secret:${resource}-??????`)];
  if (service === 'logs') return [arnOf(request, 'logs', `log-group:${resource}:*`)];
  if (action === 'ecs:RegisterTaskDefinition') return [arnOf(request, 'ecs', `task-definition/${resource}:*`)];
  return ['*'];
}

function objectArn({ environment, request }: Target, key: string): string {
  return `arn:${partitionOf(request.region)}:s3:::${environment.sourceBucket}/${key}`;
}

/** A role's ARN with its path, where the environment or the request has it. */
function roleArn(name: string, { environment, request: { account, region, ecs } }: Target): string {
  const known = [environment.executionRoleArn, ecs?.executionRoleArn, ecs?.taskRoleArn];
  const found = known.find((arn) => arn?.endsWith(`/${name}`));
  return found ?? `arn:${partitionOf(region)}:iam::${account}:role/${name}`;
}
