import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'Airflow 3 is said to give tasks no database, and F says so too',
  at: { kind: 'environment', name: 'sandbox', tab: 'connection' },
  play: async (user) => {
    await user.sees('none for tasks', 'Airflow 3');
    await user.does('discover');
    await user.sees('Airflow 3.3.1 gives its tasks no metadata database');
  },
};
