import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'who may not stop a task reads which permission lacks, and a policy that would give it',
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
  },
};
