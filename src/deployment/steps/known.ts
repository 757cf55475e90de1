import type { DeploymentRequest } from '../../ingestion/request.ts';
import type { Target } from '../step.ts';

/** The request with what earlier steps found or made filled in. */
export function withKnown({ request, known }: Target): DeploymentRequest {
  const { ecs } = request;
  return {
    ...request,
    ...(known.secretArn === undefined ? {} : { secretArn: known.secretArn }),
    ...(ecs === undefined
      ? {}
      : {
          ecs: {
            ...ecs,
            ...(known.taskDefinitionArn === undefined ? {} : { taskDefinitionArn: known.taskDefinitionArn }),
          },
        }),
  };
}
