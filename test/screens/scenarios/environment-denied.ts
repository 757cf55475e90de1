import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'an environment that may not be read is an error of its row alone, with the permission that lacks',
  faults: [{ service: 'airflow', operation: 'GetEnvironment', input: { Name: 'legacy' }, fault: 'denied' }],
  play: async (user) => {
    await user.selects(' legacy ');
    await user.sees(/legacy +denied/, /legacy: .*airflow:GetEnvironment/, /data-prod +available/);
    await user.does('open');
    await user.sees('legacy › overview', 'airflow:GetEnvironment');
    await user.does('errors');
    await user.sees('What went wrong', 'missing permission: airflow:GetEnvironment');
    await user.leaves();
    await user.does('policy');
    await user.sees('"airflow:GetEnvironment"');
  },
};
