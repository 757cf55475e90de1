import { randomUUID } from 'node:crypto';
import type { Session } from '../aws/session.ts';
import { readEnvironment } from '../fleet/environments.ts';
import { readIngestion, readIngestions } from '../fleet/ingestions.ts';
import { Failure } from '../text/failure.ts';
import type { RunRequest } from './types.ts';

/**
 * The run of a deployed ingestion, as its record in the environment's bucket describes it.
 * @throws Failure `not-found` for an unknown DAG id, `refused` for an ingestion that does not run as an ECS task.
 */
export async function resolveRun(
  session: Session,
  environmentName: string,
  dagId: string,
  signal: AbortSignal,
): Promise<RunRequest> {
  const environment = await readEnvironment(session, environmentName, signal);
  const ingestion = await readIngestion(session, environment, dagId, signal);
  if (ingestion === undefined) {
    const { ingestions } = await readIngestions(session, environment, signal);
    const known = ingestions.map((each) => each.dagId).join(', ');
    throw new Failure('not-found', `${environmentName} has no ingestion ${dagId}.`, {
      resource: dagId,
      advice: known === '' ? 'None has been deployed into it yet.' : `It has: ${known}.`,
    });
  }
  const { cluster, taskDefinitionArn } = ingestion;
  if (ingestion.mode !== 'ecs' || cluster === undefined || taskDefinitionArn === undefined) {
    throw new Failure('refused', `${dagId} runs inside Airflow (${ingestion.mode} mode), not as an ECS task.`, {
      resource: dagId,
      advice: 'Trigger its DAG instead.',
    });
  }
  return {
    cluster,
    taskDefinition: taskDefinitionArn,
    container: ingestion.container,
    subnets: ingestion.subnets ?? environment.subnetIds,
    securityGroups: ingestion.securityGroups ?? environment.securityGroupIds,
    assignPublicIp: ingestion.assignPublicIp ?? false,
    pipelineType: ingestion.pipeline.pipelineType,
    pipelineRunId: randomUUID(),
    startedBy: `mwaa-console/${environmentName}/${dagId}`,
  };
}
