import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'a stopped task says why, and what to check first',
  at: { kind: 'cluster', name: 'platform', tab: 'tasks' },
  play: async (user) => {
    await user.finds('recommendations');
    await user.comes(/reason +The image could not be pulled/, '10m');
    await user.sees('check first');
    await user.does('next-pane');
    await user.does('last');
    await user.sees(/created +\d{4}-/);
  },
};
