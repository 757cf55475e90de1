import { age } from '../../text/ages.ts';
import type { CheckDefinition } from './check.ts';

/** Enough of a pipeline to tell what it reads. */
interface Source {
  readonly sourceType: string;
  readonly serviceName?: string | undefined;
  readonly pipelineType: string;
}

/** An ingestion of that DAG id reads the same source: another one's would be replaced without a word. */
export const replacesIngestion: CheckDefinition = {
  id: 'replaces-ingestion',
  source: 'https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/dags.html',
  look: async ({ earlier, environment, request: { dagId, pipeline }, surroundings }) => {
    if (earlier === undefined || words(earlier.pipeline) === words(pipeline)) return undefined;
    const now = await surroundings.serverTime(environment.sourceBucket);
    const when = earlier.deployedAt === 0 ? '' : ` ${age(Math.max(0, now - earlier.deployedAt))} ago`;
    const who = earlier.deployedBy === '' ? 'Somebody' : earlier.deployedBy;
    return {
      verdict: 'warning',
      evidence: `${dagId} serves ${words(earlier.pipeline)} now, deployed by ${who}${when}: ${words(pipeline)} would take its place`,
      advice: 'To keep both, choose another id with --dag-id; what is replaced can be taken back with undo.',
    };
  },
};

function words({ sourceType, serviceName, pipelineType }: Source): string {
  return `${pipelineType} of ${sourceType}${serviceName === undefined ? '' : ` ${serviceName}`}`;
}
