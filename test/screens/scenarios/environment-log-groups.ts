import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'marked log groups are followed together',
  at: { kind: 'environment', name: 'data-prod', tab: 'logs' },
  play: async (user) => {
    await user.sees('/ecs/openmetadata-ingestion', '30 days');
    await user.does('first');
    await user.does('mark');
    await user.does('mark');
    await user.sees('2 marked');
    await user.does('open');
    await user.sees('airflow-data-prod-DAGProcessing + airflow-data-prod-Scheduler', 'following');
  },
};
