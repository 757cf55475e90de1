import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'the overview of a cluster has what ECS tells of it',
  at: { kind: 'cluster', name: 'platform', tab: 'overview' },
  play: async (user) => {
    await user.sees('platform › overview', 'capacityProviders');
    await user.does('stop');
    await user.sees('Select a task first');
  },
};
