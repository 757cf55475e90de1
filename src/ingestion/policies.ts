import {
  type GrantHolder,
  type GrantSid,
  type IngestionGrant,
  ingestionGrants,
} from '../reference/ingestion-grants.ts';
import { taskDefinitionFamily } from './names.ts';
import { arnOf, clusterName, document, type PolicyDocument, type Statement } from './policy-document.ts';
import type { DeploymentRequest } from './request.ts';
import { secretReferences } from './secret-references.ts';
import { ecsTargetOf } from './task-definition.ts';

export type { PolicyDocument, Statement } from './policy-document.ts';

/** Who holds a grant: the environment's execution role, the role ECS starts the task with, or the task's own. */
export type PolicyHolder = GrantHolder;

/** An inline policy of an ingestion on one role. */
export interface IngestionPolicy {
  readonly holder: PolicyHolder;
  /** The role's name. */
  readonly role: string;
  readonly document: PolicyDocument;
}

/** On what a grant is given. No statement is made where there are no resources. */
interface GrantScope {
  readonly resources: (request: DeploymentRequest) => readonly string[];
  readonly condition?: (request: DeploymentRequest) => NonNullable<Statement['Condition']>;
}

const inCluster = (request: DeploymentRequest) => ({
  ArnEquals: { 'ecs:cluster': arnOf(request, 'ecs', `cluster/${clusterName(ecsTargetOf(request).cluster)}`) },
});

const SCOPES: Readonly<Record<GrantSid, GrantScope>> = {
  RunIngestion: {
    // Authorised against the revision since March 2024: the bare family would not match.
    resources: (request) => [
      arnOf(request, 'ecs', `task-definition/${taskDefinitionFamily(request.environment, request.dagId)}:*`),
    ],
    condition: inCluster,
  },
  WatchAndStopIngestion: {
    resources: (request) => [arnOf(request, 'ecs', `task/${clusterName(ecsTargetOf(request).cluster)}/*`)],
    condition: inCluster,
  },
  FindRunningIngestion: {
    // ListTasks takes no task as its resource; the condition holds it to the cluster.
    resources: () => ['*'],
    condition: inCluster,
  },
  PassTaskRoles: {
    resources: (request) => {
      const { executionRoleArn, taskRoleArn } = ecsTargetOf(request);
      return [...new Set([executionRoleArn, ...(taskRoleArn === undefined ? [] : [taskRoleArn])])];
    },
    condition: () => ({ StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } }),
  },
  ReadIngestionLog: {
    resources: (request) => [arnOf(request, 'logs', `log-group:${ecsTargetOf(request).logGroup}:log-stream:*`)],
  },
  WriteIngestionLog: {
    resources: (request) => [arnOf(request, 'logs', `log-group:${ecsTargetOf(request).logGroup}:*`)],
  },
  ReadIngestionConfiguration: { resources: (request) => [secretArnPattern(request, request.secretName)] },
  DecryptIngestionConfiguration: {
    resources: ({ secretKmsKeyArn }) => (secretKmsKeyArn === undefined ? [] : [secretKmsKeyArn]),
    condition: ({ region }) => ({ StringEquals: { 'kms:ViaService': `secretsmanager.${region}.amazonaws.com` } }),
  },
  SignInToRegistry: { resources: (request) => (ecrRepository(request) === undefined ? [] : ['*']) },
  PullImage: {
    resources: (request) => {
      const repository = ecrRepository(request);
      return repository === undefined ? [] : [repository];
    },
  },
  ReadAirflow: {
    resources: (request) => {
      const { mwaaEnvironmentName, mwaaRegion, assumeRoleArn } = request.pipeline.airflow ?? {};
      if (mwaaEnvironmentName === undefined || assumeRoleArn !== undefined) return [];
      const place = { region: mwaaRegion ?? request.region, account: request.account };
      return invokeRestApiStatement({ ...place, environment: mwaaEnvironmentName }).Resource;
    },
  },
  TakeReadingRole: {
    resources: ({ pipeline }) => {
      const role = pipeline.airflow?.assumeRoleArn;
      return role === undefined ? [] : [role];
    },
  },
  ResolveSecretReferences: {
    resources: (request) =>
      referencesIn(request, 'secretsmanager').map((name) =>
        name.startsWith('arn:') ? name : secretArnPattern(request, name),
      ),
  },
  ResolveParameterReferences: {
    resources: (request) =>
      referencesIn(request, 'ssm').map((name) =>
        name.startsWith('arn:') ? name : arnOf(request, 'ssm', `parameter/${name.replace(/^\//, '')}`),
      ),
  },
};

/**
 * The least that an ingestion needs, role by role: one inline policy for the environment's execution role; by the ECS
 * operator also one for the role ECS starts the task with, and one for the task's own role where it needs any. A role
 * that serves as several has one policy for all, held by the first: they would be written under the same name.
 */
export function ingestionPolicies(request: DeploymentRequest): IngestionPolicy[] {
  const policies = new Map<string, { readonly holder: PolicyHolder; readonly statements: Statement[] }>();
  for (const [holder, arn] of rolesOf(request)) {
    const statements = ingestionGrants
      .filter((grant) => holderOf(grant, request) === holder)
      .flatMap((grant) => statementOf(grant.sid, grant.actions, request));
    if (arn === undefined || statements.length === 0) continue;
    const role = arn.split('/').at(-1) ?? arn;
    const held = policies.get(role);
    if (held === undefined) policies.set(role, { holder, statements });
    else held.statements.push(...statements);
  }
  return [...policies].map(([role, { holder, statements }]) => ({ holder, role, document: document(statements) }));
}

function rolesOf(request: DeploymentRequest): readonly [PolicyHolder, string | undefined][] {
  if (request.mode !== 'ecs') return [['environment', request.executionRoleName]];
  const { executionRoleArn, taskRoleArn } = ecsTargetOf(request);
  return [
    ['environment', request.executionRoleName],
    ['execution', executionRoleArn],
    ['task', taskRoleArn],
  ];
}

/** On a worker, the environment's execution role does what ECS and the task would. */
function holderOf(grant: IngestionGrant, { mode }: DeploymentRequest): PolicyHolder | undefined {
  if (mode === 'ecs') return grant.holder;
  return grant.ecsOnly ? undefined : 'environment';
}

/** Who may take the roles that a task runs with: ECS, for this account alone (the confused deputy's remedy). */
export function ecsTrustPolicy({ account }: Pick<DeploymentRequest, 'account'>) {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'ecs-tasks.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'aws:SourceAccount': account } },
      },
    ],
  };
}

/** The statement that OpenMetadata's Airflow connection with MWAA authentication needs. Viewer is enough to read. */
export function invokeRestApiStatement(place: { region: string; account: string; environment: string }): Statement {
  return {
    Sid: 'ReadAirflow',
    Effect: 'Allow',
    Action: ['airflow:InvokeRestApi'],
    Resource: [arnOf(place, 'airflow', `role/${place.environment}/Viewer`)],
  };
}

function statementOf(sid: GrantSid, actions: readonly string[], request: DeploymentRequest): Statement[] {
  const scope = SCOPES[sid];
  const resources = scope.resources(request);
  if (resources.length === 0) return [];
  return [
    {
      Sid: sid,
      Effect: 'Allow',
      Action: actions,
      Resource: resources,
      ...(scope.condition === undefined ? {} : { Condition: scope.condition(request) }),
    },
  ];
}

/** Secrets Manager ends a secret's ARN with a hyphen and six characters of its own, others when it is made anew. */
function secretArnPattern(request: DeploymentRequest, name: string): string {
  return arnOf(request, 'secretsmanager', `secret:${name}-??????`);
}

function referencesIn({ pipeline }: DeploymentRequest, store: 'secretsmanager' | 'ssm'): readonly string[] {
  const references = secretReferences(pipeline);
  return references?.store === store ? references.names : [];
}

function ecrRepository(request: DeploymentRequest): string | undefined {
  const { image } = ecsTargetOf(request);
  const parts = /^(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)/.exec(image);
  if (parts === null) return undefined;
  const [, account = '', region = '', name] = parts;
  return arnOf({ account, region }, 'ecr', `repository/${name}`);
}
