import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'a service that throttles is waited for, said so, and read in the end',
  faults: [{ service: 'airflow', operation: 'ListEnvironments', fault: 'throttle', times: 2 }],
  play: async (user) => {
    await user.sees('ECS clusters 3', 'throttled: ');
    await user.comes('data-prod', '2m');
    await user.misses('throttled: ');
  },
};
