import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'what takes long is told while it lasts, and its rows come by themselves',
  faults: [{ service: 'airflow', operation: 'ListEnvironments', fault: { kind: 'slow', ms: 20_000 }, times: 1 }],
  play: async (user) => {
    await user.sees('Reading MWAA environments', 'ECS clusters 3');
    await user.does('open');
    await user.sees('Nothing is selected that opens');
    await user.comes('data-prod', '30s');
  },
};
