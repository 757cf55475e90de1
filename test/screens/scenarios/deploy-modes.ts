import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'each mode has its verdict and its reasons',
  at: { kind: 'deploy', environment: 'data-prod' },
  play: async (user) => {
    await user.sees('How should ingestion run in data-prod?', 'OpenMetadata server 1.12.8', 'recommended');
    await user.chooses('Python operator');
    await user.sees('What should be ingested?');
  },
};
