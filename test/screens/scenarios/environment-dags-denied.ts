import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'an Airflow that may not be asked says which permission lacks',
  faults: [
    { service: 'airflow', operation: 'InvokeRestApi', fault: 'denied' },
    { service: 'airflow', operation: 'CreateCliToken', fault: 'denied' },
  ],
  at: { kind: 'environment', name: 'data-prod', tab: 'dags' },
  play: async (user) => {
    await user.sees('DAGs of data-prod', 'airflow:InvokeRestApi');
    await user.does('errors');
    await user.sees('missing permission: airflow:InvokeRestApi');
  },
};
