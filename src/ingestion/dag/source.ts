import { airflowVersion } from '../../reference/airflow-versions.ts';
import { PYTHON_LINE, pythonProse, pythonString, wrapProse } from '../python-text.ts';
import type { DeploymentRequest, IngestionMode } from '../request.ts';
import { checkRequest } from '../request-check.ts';
import { runLimits } from '../run-limits.ts';
import { ecsParts } from './ecs.ts';
import type { DagParts } from './parts.ts';
import { pythonParts, virtualenvParts } from './worker.ts';

const PARTS: Readonly<Record<IngestionMode, (request: DeploymentRequest) => DagParts>> = {
  ecs: ecsParts,
  python: pythonParts,
  virtualenv: virtualenvParts,
};

/**
 * The DAG file of an ingestion. It calls nothing and imports nothing but Airflow when it is parsed, and holds no secret.
 * Throws Failure `invalid-input` for names that could not be part of it, `refused` for a pipeline type that the
 * release has no workflow for.
 */
export function dagSource(request: DeploymentRequest): string {
  checkRequest(request);
  const parts = PARTS[request.mode](request);
  return `${header(request, parts)}

from datetime import datetime, timedelta, timezone

${imports(request, parts)}

${parts.constants.join('\n')}
${parts.definitions === undefined ? '' : `\n\n${parts.definitions}\n\n`}
${dag(request, parts)}`;
}

/** Sorted as formatters sort them. */
function imports(request: DeploymentRequest, parts: DagParts): string {
  const { dagModule } = airflowVersion(request.airflowVersion).row;
  return [`from ${dagModule} import DAG`, ...parts.imports].sort().join('\n');
}

function header(request: DeploymentRequest, parts: DagParts): string {
  const { pipeline, environment, airflowVersion: airflow, openmetadataVersion } = request;
  const service = pythonProse(pipeline.serviceName ?? '');
  const subject = service === '' ? pythonProse(pipeline.sourceType) : service;
  const paragraphs = [
    `Run the OpenMetadata ${pipeline.pipelineType} ingestion of ${subject} ${parts.how}.`,
    `Made by mwaa-console for the environment ${environment} (Airflow ${airflow}) and OpenMetadata ` +
      `${openmetadataVersion}. To change it, change the workflow file and deploy again: the next deployment replaces ` +
      'whatever is edited here.',
    ...parts.paragraphs,
  ];
  const [first = [], ...rest] = paragraphs.map((paragraph) => wrapProse(paragraph, PYTHON_LINE));
  // The summary shares its line with the quotes.
  const summary = wrapProse(first.join(' '), PYTHON_LINE - 3);
  return [`"""${summary.join('\n')}`, ...rest.map((lines) => lines.join('\n')), '"""']
    .join('\n\n')
    .replace(/\n\n"""$/, '\n"""');
}

function dag(request: DeploymentRequest, parts: DagParts): string {
  const { pipeline, schedule, dagId } = request;
  const { retries, retryDelay, executionTimeout, dagrunTimeout } = runLimits(request);
  const tags = [...new Set(['openmetadata', pipeline.pipelineType, tagText(pipeline.sourceType)])];
  const retryLines =
    retries === 0
      ? '        "retries": 0,'
      : `        "retries": ${retries},\n        "retry_delay": ${duration(retryDelay)},`;
  return `with DAG(
    dag_id=${pythonString(dagId)},
    description=${pythonString(`OpenMetadata ${pipeline.pipelineType} ingestion of ${tagText(pipeline.sourceType)}`)},
    schedule=${schedule === undefined ? 'None' : pythonString(schedule)},
    start_date=${startDate(request)},
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=${duration(dagrunTimeout)},
    is_paused_upon_creation=True,
    default_args={
${retryLines}
        "execution_timeout": ${duration(executionTimeout)},
    },
    tags=[${tags.map(pythonString).join(', ')}],
) as dag:
${parts.task}`;
}

/** A fixed day, since one that moves with each parse never comes. */
function startDate({ run }: DeploymentRequest): string {
  const [year, month, day] = (run?.startDate ?? '2024-01-01').split('-').map(Number);
  return `datetime(${year}, ${month}, ${day}, tzinfo=timezone.utc)`;
}

/** A source's name as a tag and in a description: it is text of the user's file. */
function tagText(sourceType: string): string {
  return pythonProse(sourceType).slice(0, 40) || 'unnamed';
}

/** Minutes as a timedelta in the largest unit that fits. */
function duration(minutes: number): string {
  if (minutes % 60 === 0) return `timedelta(hours=${minutes / 60})`;
  if (minutes < 60) return `timedelta(minutes=${minutes})`;
  return `timedelta(hours=${Math.floor(minutes / 60)}, minutes=${minutes % 60})`;
}
