import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'a key that can not act now says why',
  at: { kind: 'environment', name: 'data-prod', tab: 'overview' },
  play: async (user) => {
    await user.sees('AVAILABLE');
    await user.does('run');
    await user.sees('Select an ingestion first');
    await user.does('trigger');
    await user.sees('Select a DAG first');
    await user.does('update-log');
    await user.sees('Its last update has not failed');
    await user.does('discover');
    await user.sees('Open the connection first: 5 or c');
  },
};
