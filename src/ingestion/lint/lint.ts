import { isVersion } from '../../reference/version.ts';
import type { Finding, PipelineTarget } from '../pipeline.ts';
import type { YamlSource } from '../yaml-source.ts';
import { Findings, type ReadPipeline } from './findings.ts';
import { checkModel, isNewerThanKnown, newestLine } from './models.ts';
import { checkDeletion, checkRunIds, checkServer } from './server.ts';
import { checkSource } from './source.ts';
import { checkSteps } from './steps.ts';
import { checkTexts } from './texts.ts';

/** Everything that is wrong with a pipeline as far as the target is known, in the order of the file. */
export function lint(pipeline: ReadPipeline, source: YamlSource, target: PipelineTarget): Finding[] {
  const findings = new Findings(pipeline, source, target);
  const { value } = pipeline;
  checkTarget(findings);
  checkModel(findings, value.source === undefined ? 'ApplicationWorkflow' : 'Workflow', value, []);
  checkSource(findings);
  checkSteps(findings);
  checkServer(findings);
  checkRunIds(findings);
  checkDeletion(findings);
  checkTexts(findings);
  return findings.sorted();
}

function checkTarget(findings: Findings): void {
  const release = findings.target.openmetadataVersion;
  if (release === undefined) return;
  if (!isVersion(release)) {
    findings.add('version-unknown', [], {
      message: `${JSON.stringify(release)} is no version of OpenMetadata.`,
      advice: 'Such as 1.12.8.',
    });
  } else if (isNewerThanKnown(release)) {
    findings.add('version-unknown', [], {
      severity: 'warning',
      message: `OpenMetadata ${release} is newer than this tool knows; the file is checked as for ${newestLine()}.`,
      advice: 'Try the ingestion once before you schedule it.',
    });
  }
}
