import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'each mode has its verdict and its reasons, and Esc leads back to them',
  at: { kind: 'deploy', environment: 'data-prod' },
  play: async (user) => {
    await user.sees(
      'How should ingestion run in data-prod?',
      'OpenMetadata server 1.12.8',
      'recommended',
      'Enter choose',
    );
    await user.chooses('Python operator');
    await user.sees('What should be ingested?', 'Enter choose', 'Esc stage before');
    await user.leaves();
    await user.sees('How should ingestion run in data-prod?');
  },
};
