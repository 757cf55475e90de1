import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'the deployments into an environment are listed with where they stand',
  at: { kind: 'environment', name: 'analytics', tab: 'history' },
  play: async (user) => {
    await user.sees(/Deployments into analytics [1-9]/, 'dbt_metadata');
    await user.selects('dbt_metadata');
    await user.does('open');
    await user.sees('Not finished');
  },
};
