import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'a DAG is paused after a question, and trigger then says why it will not',
  at: { kind: 'dag', environment: 'data-prod', airflowVersion: '2.10.3', dagId: 'orders_hourly' },
  play: async (user) => {
    await user.sees('Runs of orders_hourly');
    await user.does('pause');
    await user.sees('Pause orders_hourly');
    await user.answers('yes');
    await user.sees('orders_hourly is paused');
    await user.does('trigger');
    await user.sees('is paused: its run would only queue');
  },
};
