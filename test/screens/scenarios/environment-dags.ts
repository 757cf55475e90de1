import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'the DAGs are listed, those that are no ingestion too, and open to their runs',
  at: { kind: 'environment', name: 'data-prod', tab: 'dags' },
  play: async (user) => {
    await user.sees('DAGs of data-prod', 'finance_close');
    await user.selects('kafka_metadata');
    await user.does('open');
    await user.sees('Runs of kafka_metadata', /Tasks of .* \d/);
  },
};
