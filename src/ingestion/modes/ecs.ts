import { dagSource } from '../dag/source.ts';
import { dagKey } from '../names.ts';
import { requireSound } from '../pipeline.ts';
import { ecsTrustPolicy, ingestionPolicies, type PolicyHolder } from '../policies.ts';
import type { DeploymentRequest, GeneratedFile } from '../request.ts';
import { checkRequest } from '../request-check.ts';
import { secretContent } from '../secret.ts';
import { taskDefinition } from '../task-definition.ts';
import { ecsVerdict } from './ecs-verdict.ts';
import { jsonFile } from './json-file.ts';
import type { Mode } from './mode.ts';
import { factsOf, requireFit } from './verdict.ts';

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
  checkRequest(request);
  requireSound(pipeline, { openmetadataVersion, airflowVersion, mode });
  requireFit('The ECS operator', ecsVerdict(factsOf(request)));
  return [
    { path: dagKey('dags', request.dagId), content: dagSource(request) },
    jsonFile('task-definition.json', taskDefinition(request)),
    ...ingestionPolicies(request).map(({ holder, document }) =>
      jsonFile(`policies/${POLICY_FILES[holder]}.json`, document),
    ),
    jsonFile('policies/ecs-tasks-trust.json', ecsTrustPolicy(request)),
    { path: 'secret.json', content: `${secretContent(pipeline)}\n`, mode: 0o600 },
  ];
}
