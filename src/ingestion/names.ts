import { Failure } from '../text/failure.ts';
import type { Pipeline } from './pipeline.ts';

/**
 * Longest DAG id that we choose ourselves: OpenMetadata's REST client sends `/dags/<id>/dagRuns` with its query in
 * the Path of InvokeRestApi, which takes 64 characters.
 */
const DAG_ID_DEFAULT_LENGTH = 20;

/** Longest DAG id that is taken: `/dags/<id>/dagRuns` has to fit the 64 characters of Path with something to spare. */
const DAG_ID_LIMIT = 49;

const DAG_ID_PATTERN = /^[A-Za-z][A-Za-z0-9_-]*$/;

/**
 * The DAG id a pipeline gets when none is given: the name in its `ingestionPipelineFQN` where that is short enough,
 * else source and pipeline type, such as `snowflake_metadata`. At most 20 characters.
 */
export function dagIdFor(pipeline: Pipeline): string {
  const named = pipeline.ingestionPipelineFqn?.split('.').at(-1);
  if (named !== undefined && named.length <= DAG_ID_DEFAULT_LENGTH && DAG_ID_PATTERN.test(named)) return named;
  const source = plainName(pipeline.sourceType) || 'ingestion';
  const type = plainName(pipeline.pipelineType.replace(/[A-Z]/g, (letter, at) => (at === 0 ? letter : `_${letter}`)));
  const room = DAG_ID_DEFAULT_LENGTH - source.length - 1;
  if (room >= type.length) return `${source}_${type}`;
  // A cut word still tells usage from metadata; a missing one does not.
  const short = type.slice(0, Math.max(room, 5)).replace(/_+$/, '');
  return `${source.slice(0, DAG_ID_DEFAULT_LENGTH - 1 - short.length).replace(/_+$/, '')}_${short}`;
}

function plainName(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return /^[a-z]/.test(name) ? name : name === '' ? '' : `source_${name}`;
}

/**
 * Refuses a DAG id that Airflow, S3, Secrets Manager, IAM or ECS would not take as part of a name, or that is so
 * long that InvokeRestApi's Path can't carry it.
 */
export function checkDagId(dagId: string): void {
  if (dagId.length > DAG_ID_LIMIT) {
    throw new Failure(
      'invalid-input',
      `The DAG id has ${dagId.length} characters; at most ${DAG_ID_LIMIT} are taken.`,
      {
        advice: `Choose a shorter one with --dag-id; up to ${DAG_ID_DEFAULT_LENGTH} characters work everywhere.`,
        resource: dagId,
      },
    );
  }
  if (!DAG_ID_PATTERN.test(dagId)) {
    throw new Failure('invalid-input', `${JSON.stringify(dagId)} can't be a DAG id.`, {
      advice: 'Begin with a letter and use letters, digits, _ and - only, such as redshift_ingestion.',
      resource: dagId,
    });
  }
}

/** Name of the secret that holds an ingestion's configuration. */
export function secretName(environment: string, dagId: string): string {
  return `mwaa-console/${environment}/${dagId}`;
}

/** Name of the inline policy that the environment's execution role gets for an ingestion. */
export function policyName(dagId: string): string {
  return `mwaa-console-${dagId}`;
}

/** Family of an ingestion's task definition (ECS: letters, digits, - and _, at most 255). */
export function taskDefinitionFamily(environment: string, dagId: string): string {
  return `${environment}-${dagId}`;
}

/** Key of the DAG file in the environment's bucket; `dagsPath` as GetEnvironment's DagS3Path has it. */
export function dagKey(dagsPath: string, dagId: string): string {
  const folder = dagsPath.replace(/^\/+|\/+$/g, '');
  return folder === '' ? `${dagId}.py` : `${folder}/${dagId}.py`;
}
