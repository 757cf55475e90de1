import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'a service that refuses is said in its panel, and the other panel is there',
  faults: [{ service: 'ecs', operation: 'ListClusters', fault: 'denied' }],
  play: async (user) => {
    await user.sees('ecs:ListClusters', 'data-prod', 'MWAA environments 4');
    await user.does('next-pane');
    await user.sees('ecs:ListClusters');
    await user.does('errors');
    await user.sees('missing permission: ecs:ListClusters');
  },
};
