import { expect } from 'vitest';
import type { Scenario } from '../support/play.ts';
import { writes } from '../support/writes.ts';

export const scenario: Scenario = {
  shows: 'a task is stopped for a reason and after a question, no leaves it',
  at: { kind: 'cluster', name: 'platform', tab: 'tasks' },
  play: async (user) => {
    await user.sees(/Tasks of platform \d/);
    await user.finds('platform-api');
    await user.does('first');
    await user.does('stop');
    await user.sees('Why is the task stopped?');
    await user.enters();
    await user.sees('Say why');
    await user.types('it holds a lock');
    await user.enters();
    await user.sees('Stop the task', 'reason it holds a lock (mwaa-console, OnCall)', 'It gets SIGTERM', 'leave it');
    await user.answers('no');
    expect(await writes(user.region.url)).toEqual([]);
    await user.does('stop');
    await user.types('it holds a lock');
    await user.enters();
    await user.answers('yes');
    await user.sees('The task is being stopped');
    expect(await writes(user.region.url)).toEqual([
      expect.stringContaining('"it holds a lock (mwaa-console, OnCall)"'),
    ]);
  },
};
