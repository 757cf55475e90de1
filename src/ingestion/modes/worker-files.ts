import { Failure } from '../../text/failure.ts';
import { dagSource } from '../dag/source.ts';
import { dagKey } from '../names.ts';
import { requireSound } from '../pipeline.ts';
import { pluginNeed } from '../plugins.ts';
import { ingestionPolicies } from '../policies.ts';
import type { DeploymentRequest, GeneratedFile } from '../request.ts';
import { checkRequest } from '../request-check.ts';
import { constraintFile } from '../requirements/constraints.ts';
import { mergeRequirements } from '../requirements/merge.ts';
import { requirementsFindings, requirementsNeed } from '../requirements/need.ts';
import { secretContent } from '../secret.ts';
import { jsonFile } from './json-file.ts';
import type { Verdict } from './mode.ts';
import { requireFit } from './verdict.ts';

/** The files of an ingestion that runs on the environment's workers; see `Mode.files`. */
export function workerFiles(request: DeploymentRequest, title: string, verdict: Verdict): GeneratedFile[] {
  const { pipeline, openmetadataVersion, airflowVersion, mode } = request;
  checkRequest(request);
  requireSound(pipeline, { openmetadataVersion, airflowVersion, mode });
  requireFit(title, verdict);
  requireInstallable(request);
  const need = requirementsNeed(request);
  return [
    { path: dagKey('dags', request.dagId), content: dagSource(request) },
    ...(need?.constraint === undefined ? [] : [constraintFile(request, 'dags')]),
    ...(need === undefined
      ? []
      : [{ path: 'requirements.txt', content: mergeRequirements(request.requirements ?? '', need).text }]),
    ...(pluginNeed(request)?.files.map(({ path, content }) => ({ path: `plugins/${path}`, content })) ?? []),
    ...ingestionPolicies(request).map(({ document }) => jsonFile('policies/mwaa-execution-role.json', document)),
    { path: 'secret.json', content: `${secretContent(pipeline)}\n`, mode: 0o600 },
  ];
}

/** Throws Failure `refused` where a line of the environment's requirements.txt keeps OpenMetadata out. */
function requireInstallable(request: DeploymentRequest): void {
  const finding = requirementsFindings(request).find(({ severity }) => severity === 'error');
  if (finding === undefined) return;
  throw new Failure('refused', `requirements.txt:${finding.line}: ${finding.text}`, {
    ...(finding.remedy === undefined ? {} : { advice: finding.remedy }),
    resource: 'requirements.txt',
  });
}
