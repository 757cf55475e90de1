import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'a cluster without tasks and services says so, and stop asks for a task first',
  given: ({ region }) => {
    const batch = region.ecs.cluster('batch');
    if (batch !== undefined) region.ecs.addCluster({ ...batch, name: 'bare' });
  },
  at: { kind: 'cluster', name: 'bare', tab: 'tasks' },
  play: async (user) => {
    await user.sees('Tasks of bare', 'No task runs in bare, and none is known to have stopped there');
    await user.does('stop');
    await user.sees('Select a task first');
    await user.does('tab-services');
    await user.sees('There is no service in bare');
  },
};
