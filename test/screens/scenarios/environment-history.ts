import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'the deployments into an environment are listed with where they stand, also where nobody carries one on',
  at: { kind: 'environment', name: 'analytics', tab: 'history' },
  play: async (user) => {
    await user.sees(/Deployments into analytics [1-9]/, 'dbt_metadata', /paused at \d of \d/);
    await user.selects('dbt_metadata');
    await user.does('open');
    await user.sees(/paused at \d of \d/, 'Nobody carries it on. C goes on where it stopped');
  },
};
