import { expect } from 'vitest';
import type { Scenario } from '../support/play.ts';
import { writes } from '../support/writes.ts';

export const scenario: Scenario = {
  shows: 'a run is stopped for a reason and after a question, and ends as stopped by whoever did',
  at: { kind: 'environment', name: 'data-prod', tab: 'ingestion' },
  play: async (user) => {
    await user.selects('snowflake_metadata');
    await user.does('run');
    await user.answers('yes');
    await user.comes(/running \d/, '5m');
    await user.does('stop');
    await user.types('the warehouse is suspended');
    await user.enters();
    await user.sees('Stop the task', 'reason the warehouse is suspended (mwaa-console, OnCall)');
    await user.answers('yes');
    await user.comes(/exit code \d+/, '5m');
    await user.sees(/the warehouse is suspended\s+\(mwaa-console, OnCall\)/);
    const stops = (await writes(user.region.url)).filter((each) => each.startsWith('ecs StopTask'));
    expect(stops).toHaveLength(1);
    await user.does('stop');
    await user.sees('It has stopped');
  },
};
