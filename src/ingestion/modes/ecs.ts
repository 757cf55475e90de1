import { dagSource } from '../dag-source.ts';
import { dagKey } from '../names.ts';
import { requireSound } from '../pipeline.ts';
import { ecsTrustPolicy, ingestionPolicies } from '../policies.ts';
import type { GeneratedFile } from '../request.ts';
import { secretContent } from '../secret.ts';
import { taskDefinition } from '../task-definition.ts';
import type { Mode, Reason } from './mode.ts';

/** Ingestion as an ECS task that Airflow starts and watches. */
export const ecs: Mode = {
  id: 'ecs',
  title: 'ECS operator',
  verdict: ({ airflowVersion, pipeline }) => {
    const reasons: Reason[] = [];
    if (olderThan(airflowVersion, [2, 4])) {
      reasons.push({
        severity: 'error',
        text: `Airflow ${airflowVersion} has no EcsRunTaskOperator.`,
        remedy: 'Upgrade the environment to a version that MWAA supports.',
        source: 'https://github.com/apache/airflow/blob/main/providers/amazon/docs/changelog.rst',
      });
    }
    const { connection } = pipeline?.airflow ?? {};
    if (connection === 'Backend') {
      reasons.push({
        severity: 'error',
        text: 'The connection Backend reads the database of the Airflow that it runs in: an ECS task is in none.',
        remedy: 'Use the RestAPI connection with MWAA authentication.',
        source: 'https://docs.open-metadata.org/connectors/pipeline/airflow',
      });
    }
    const wrong = reasons.some(({ severity }) => severity === 'error');
    return {
      fit: wrong ? 'does-not-fit' : 'fits',
      summary: wrong ? (reasons[0]?.text ?? '') : 'isolated; any OpenMetadata version',
      reasons,
      recommended: !wrong,
    };
  },
  files: (request) => {
    requireSound(request.pipeline, { ...request, mode: 'ecs' });
    const policies = ingestionPolicies(request).map(({ holder, document }) =>
      json(`policies/${holder}.json`, document),
    );
    return [
      { path: dagKey('dags', request.dagId), content: dagSource(request) },
      json('task-definition.json', taskDefinition(request)),
      ...policies,
      json('policies/trust.json', ecsTrustPolicy(request)),
      { path: 'secret.json', content: `${secretContent(request.pipeline)}\n`, mode: 0o600 },
    ];
  },
};

function json(path: string, value: unknown): GeneratedFile {
  return { path, content: `${JSON.stringify(value, null, 2)}\n` };
}

function olderThan(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ourMajor = 0, ourMinor = 0] = version.split('.').map(Number);
  return ourMajor < major || (ourMajor === major && ourMinor < minor);
}
