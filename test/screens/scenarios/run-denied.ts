import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'who may not run an ingestion reads which permission lacks, and stays where they are',
  as: 'reader',
  at: { kind: 'environment', name: 'data-prod', tab: 'ingestion' },
  play: async (user) => {
    await user.selects('snowflake_metadata');
    await user.does('run');
    await user.answers('yes');
    await user.sees('ecs:RunTask', 'Ingestions of data-prod 4');
  },
};
