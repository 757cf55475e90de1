import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'a log group is followed, paused, and followed again',
  at: { kind: 'logs', groups: ['/ecs/openmetadata-ingestion'], since: '1d' },
  play: async (user) => {
    await user.sees('following');
    await user.does('pause');
    await user.sees('paused');
    await user.does('newest');
    await user.sees('following');
  },
};
