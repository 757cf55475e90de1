import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'a DAG has its runs, the tasks of the selected one, and their logs',
  at: { kind: 'dag', environment: 'data-prod', airflowVersion: '2.10.3', dagId: 'kafka_metadata' },
  play: async (user) => {
    await user.sees('Runs of kafka_metadata', /Tasks of .* [1-9]/);
    await user.selects('failed');
    await user.sees('failed');
    await user.does('next-pane');
    await user.selects('failed');
    await user.does('logs');
    await user.sees('Logs', /stream/);
  },
};
