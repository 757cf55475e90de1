import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'the overview has what the environment is, and says which storage is not the newest',
  at: { kind: 'environment', name: 'data-prod', tab: 'overview' },
  play: async (user) => {
    await user.sees('data-prod › overview', 'AVAILABLE', 'mwaa-data-prod-role');
    await user.finds('plugins');
    await user.sees('the newest');
  },
};
