import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'an answer that is no answer is an error of its row alone',
  faults: [{ service: 'airflow', operation: 'GetEnvironment', input: { Name: 'legacy' }, fault: 'garbage' }],
  play: async (user) => {
    await user.selects(' legacy ');
    await user.sees(/legacy +not readable/, /legacy: \S/, /data-prod +available/);
    await user.does('open');
    await user.sees('legacy › overview');
  },
};
