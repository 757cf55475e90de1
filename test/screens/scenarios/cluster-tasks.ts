import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'the tasks of a cluster have their state, and the selected one what it is made of',
  at: { kind: 'cluster', name: 'platform', tab: 'tasks' },
  play: async (user) => {
    await user.sees(/Tasks of platform \d+/, /TASK DEFINITION +EXIT +(DURATION +)?CREATED/);
    await user.finds('running');
    await user.sees('running', 'container');
    await user.does('logs');
    await user.sees('Logs', /stream /);
  },
};
