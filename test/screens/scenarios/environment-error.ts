import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'a service that fails is an error of its row alone, and Ctrl-R reads it again',
  faults: [{ service: 'airflow', operation: 'GetEnvironment', input: { Name: 'legacy' }, fault: 'error' }],
  play: async (user) => {
    await user.selects(' legacy ');
    await user.comes(/legacy +not readable/, '1m');
    // What else is read of the other rows ends, so that nothing stands before the next read.
    await user.waits('3s');
    await fetch(`${user.region.url}/_demo/faults`, { method: 'DELETE' });
    await user.does('refresh');
    // The request budget may let it wait some seconds; by itself it would be read again after half a minute.
    await user.comes(/legacy +update failed/, '8s');
  },
};
