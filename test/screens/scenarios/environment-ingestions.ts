import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'the ingestions tell mode, state and last run, and the selected one whether it is as deployed',
  at: { kind: 'environment', name: 'data-prod', tab: 'ingestion' },
  play: async (user) => {
    await user.sees('Ingestions of data-prod 4', 'kafka_metadata', 'looker_metadata');
    await user.selects('snowflake_metadata');
    await user.sees('as it was deployed', 'active, next run in');
  },
};
