import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'the timeline has what happened around an ingestion, and leads from a failed task to the task',
  at: { kind: 'timeline', environment: 'data-prod', dagId: 'kafka_metadata' },
  play: async (user) => {
    await user.sees('timeline of kafka_metadata, one day', /task +stopped, failed/);
    await user.finds('stopped, failed');
    await user.does('open');
    await user.comes('exit code 1', '2m');
  },
};
