import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'a cluster that does not exist is told on every tab',
  at: { kind: 'cluster', name: 'nowhere', tab: 'tasks' },
  play: async (user) => {
    await user.sees('nowhere › tasks', /not found|does not exist|no cluster/i);
    await user.does('tab-services');
    await user.sees(/not found|does not exist|no cluster/i);
  },
};
