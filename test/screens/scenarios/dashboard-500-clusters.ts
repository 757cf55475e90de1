import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'five hundred rows scroll, filter and sort like four',
  at: { kind: 'dashboard' },
  given: ({ region }) => {
    const batch = region.ecs.cluster('batch');
    if (batch === undefined) return;
    for (let at = 1; at <= 500; at += 1) {
      region.ecs.addCluster({ ...batch, name: `estate-${at}` });
    }
  },
  play: async (user) => {
    await user.sees('ECS clusters 503');
    await user.does('next-pane');
    await user.does('last');
    await user.does('page-up');
    await user.sees('estate-492');
    await user.finds('estate-37');
    await user.sees('ECS clusters 11/503 /estate-37', 'estate-379');
    await user.leaves();
    await user.does('sort');
    await user.chooses('NAME');
    await user.sees('NAME▲');
    await user.does('sort');
    await user.chooses('NAME');
    await user.does('first');
    await user.sees(/NAME▼.*> platform.*openmetadata-ingestion.*estate-500/s);
  },
};
