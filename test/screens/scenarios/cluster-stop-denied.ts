import { expect } from 'vitest';
import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'who may not stop a task reads which permission lacks, and copies a policy that would give it',
  as: 'reader',
  at: { kind: 'cluster', name: 'platform', tab: 'tasks' },
  play: async (user) => {
    await user.sees(/Tasks of platform \d/);
    await user.finds('running');
    await user.does('first');
    await user.does('stop');
    await user.types('it holds a lock');
    await user.enters();
    await user.answers('yes');
    await user.sees('ecs:StopTask');
    await user.does('errors');
    await user.sees('missing permission: ecs:StopTask');
    await user.leaves();
    await user.does('policy');
    await user.sees('IAM policy for what was refused', '"ecs:StopTask"');
    await user.copiesAll();
    const [statement, ...more] = JSON.parse(user.copied.at(-1) ?? '').Statement;
    expect(statement).toMatchObject({ Effect: 'Allow', Action: ['ecs:StopTask'] });
    expect([statement.Resource].flat()).toEqual([expect.stringMatching(/^arn:aws:ecs:.*:task\/platform\/\w+$/)]);
    expect(more).toEqual([]);
  },
};
