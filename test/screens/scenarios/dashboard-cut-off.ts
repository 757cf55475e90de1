import { plan, type Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'a connection that breaks keeps the rows, with what happened',
  play: async (user) => {
    await user.sees('data-prod', 'platform');
    await plan(user.region, { service: 'airflow', operation: 'ListEnvironments', times: 0, fault: 'cut' });
    await user.does('refresh');
    await user.comes(/as of \d+s ago: Cannot reach MWAA/, '1m');
    await user.sees('data-prod', 'sandbox');
  },
};
