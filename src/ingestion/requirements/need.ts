import type { DeploymentRequest } from '../request.ts';
import { constraintPath, needsConstraintFile } from './constraints.ts';
import type { RequirementsNeed } from './merge.ts';
import { neededExtras } from './needed.ts';

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
