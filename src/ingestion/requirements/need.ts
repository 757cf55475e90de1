import type { DeploymentRequest } from '../request.ts';
import type { RequirementsFinding } from './check.ts';
import { constraintPath, needsConstraintFile } from './constraints.ts';
import { mergeRequirements, type RequirementsNeed } from './merge.ts';
import { neededExtras } from './needed.ts';

/** What to know of an environment's requirements.txt before the Python mode adds to it; empty for the other modes. */
export function requirementsFindings(request: DeploymentRequest): readonly RequirementsFinding[] {
  const need = requirementsNeed(request);
  return need === undefined ? [] : mergeRequirements(request.requirements ?? '', need).findings;
}

/** What a deployment by the Python operator needs of requirements.txt; undefined for the other modes. */
export function requirementsNeed(request: DeploymentRequest): RequirementsNeed | undefined {
  if (request.mode !== 'python') return undefined;
  const { dagId, openmetadataVersion, airflowVersion, webserverAccessMode } = request;
  return {
    dagId,
    extras: neededExtras(request),
    openmetadataVersion,
    airflowVersion,
    ...(needsConstraintFile(request) ? { constraint: constraintPath(request) } : {}),
    ...(webserverAccessMode === 'PRIVATE_ONLY' ? { offline: true } : {}),
  };
}
