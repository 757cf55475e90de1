import { expect } from 'vitest';
import type { Scenario } from '../support/play.ts';
import { writes } from '../support/writes.ts';

export const scenario: Scenario = {
  shows: 'a failed task is cleared after a question that Enter does not answer',
  at: { kind: 'dag', environment: 'data-prod', airflowVersion: '2.10.3', dagId: 'kafka_metadata' },
  play: async (user) => {
    await user.sees('Runs of kafka_metadata');
    await user.selects('failed');
    await user.does('next-pane');
    await user.selects('failed');
    await user.does('clear');
    await user.sees('What has failed of it', 'let it run again');
    await user.enters();
    await user.sees('y to let it run again');
    expect(await writes(user.region.url)).toEqual([]);
    await user.answers('yes');
    await user.comes(/scheduled|queued|running/, '1m');
    expect(await writes(user.region.url)).toEqual([
      expect.stringContaining('"/dags/kafka_metadata/clearTaskInstances"'),
    ]);
    await user.comes(/ingest +(?:none|scheduled|queued|running)/, '1m');
    await user.does('clear');
    await user.sees('ingest has not failed');
  },
};
