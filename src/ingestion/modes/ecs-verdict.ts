import { compareVersions } from '../../reference/version.ts';
import type { Reason } from '../reason.ts';
import { airflowSourceReasons } from './airflow-source.ts';
import type { ModeFacts, Verdict } from './mode.ts';
import { commonReasons, rowsFor, verdictOf } from './verdict.ts';

const REST_API = 'docs.aws.amazon.com/mwaa/latest/userguide/access-mwaa-apache-airflow-rest-api.html';
const MAIN_PY = 'github.com/open-metadata/OpenMetadata: ingestion/operators/docker/main.py';
const PULL = 'docs.aws.amazon.com/AmazonECS/latest/developerguide/networking-outbound.html';

/** Whether the ECS operator serves an environment and a pipeline: any version of OpenMetadata, since it is isolated. */
export function ecsVerdict(facts: ModeFacts): Verdict {
  const { openmetadata } = rowsFor(facts);
  const reasons: Reason[] = [...commonReasons(facts), ...airflowSourceReasons(facts, 'ecs')];
  if (compareVersions(facts.airflowVersion, '2.4.3') < 0) {
    reasons.push({
      severity: 'error',
      text: `Airflow ${facts.airflowVersion} has neither EcsRunTaskOperator nor a REST API behind InvokeRestApi.`,
      remedy: 'Upgrade the environment; 2.4.3 is the oldest that works.',
      source: REST_API,
    });
  }
  const { pipeline } = facts;
  if (
    pipeline !== undefined &&
    openmetadata !== undefined &&
    !openmetadata.pipelineTypes.includes(pipeline.pipelineType)
  ) {
    reasons.push({
      severity: 'error',
      text: `The image of OpenMetadata ${openmetadata.line} does not run ${pipeline.pipelineType} pipelines.`,
      source: MAIN_PY,
    });
  }
  if (facts.internetAccess === false) {
    reasons.push({
      severity: 'warning',
      text: "The environment's subnets have no route to the internet: the image has to come from ECR.",
      remedy: 'Mirror the image into ECR and name it with --image, or give the task other subnets.',
      source: PULL,
    });
  }
  return verdictOf(reasons, { summary: 'isolated; any OpenMetadata version', recommended: true });
}
