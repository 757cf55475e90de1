import { dagSource } from '../dag-source.ts';
import { dagKey } from '../names.ts';
import { requireSound } from '../pipeline.ts';
import { ecsTrustPolicy, ingestionPolicies, type PolicyHolder } from '../policies.ts';
import type { DeploymentRequest, GeneratedFile } from '../request.ts';
import { secretContent } from '../secret.ts';
import { taskDefinition } from '../task-definition.ts';
import { ecsVerdict } from './ecs-verdict.ts';
import type { Mode } from './mode.ts';
import { requireFit } from './verdict.ts';

/** The names of a role's policy file, by who holds it. */
const POLICY_FILES: Readonly<Record<PolicyHolder, string>> = {
  environment: 'mwaa-execution-role',
  execution: 'task-execution-role',
  task: 'task-role',
};

/** The ingestion as an ECS task on Fargate, started and followed by EcsRunTaskOperator. */
export const ecsMode: Mode = {
  id: 'ecs',
  title: 'ECS operator',
  verdict: ecsVerdict,
  files,
};

function files(request: DeploymentRequest): GeneratedFile[] {
  const { pipeline, openmetadataVersion, airflowVersion, mode } = request;
  requireSound(pipeline, { openmetadataVersion, airflowVersion, mode });
  requireFit('The ECS operator', ecsVerdict({ airflowVersion, openmetadataVersion, pipeline }));
  return [
    { path: dagKey('dags', request.dagId), content: dagSource(request) },
    { path: 'task-definition.json', content: json(taskDefinition(request)) },
    ...ingestionPolicies(request).map(({ holder, document }) => ({
      path: `policies/${POLICY_FILES[holder]}.json`,
      content: json(document),
    })),
    { path: 'policies/ecs-tasks-trust.json', content: json(ecsTrustPolicy(request)) },
    { path: 'secret.json', content: `${secretContent(pipeline)}\n`, mode: 0o600 },
  ];
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
