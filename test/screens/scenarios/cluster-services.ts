import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'services have their deployments and events',
  at: { kind: 'cluster', name: 'platform', tab: 'services' },
  play: async (user) => {
    await user.sees('Services of platform 8', /deployment +platform-api:2 primary, \d of 3 running/);
    await user.sees('has reached a steady state');
  },
};
