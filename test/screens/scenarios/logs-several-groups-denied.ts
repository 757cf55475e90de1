import { lines } from '../support/lines.ts';
import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'of several groups one that may not be read says so, and the others are followed',
  at: { kind: 'logs', groups: ['/ecs/scenario', 'airflow-data-prod-Task'], since: '1h' },
  given: lines(3),
  faults: [
    {
      service: 'logs',
      operation: 'FilterLogEvents',
      input: { logGroupName: 'airflow-data-prod-Task' },
      fault: 'denied',
    },
  ],
  play: async (user) => {
    await user.sees('airflow-data-prod-Task: ', 'logs:FilterLogEvents', 'table 3 of 3');
  },
};
