import { lines, write } from '../support/lines.ts';
import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'lines come as they are written; paused, they are counted and wait',
  at: { kind: 'logs', groups: ['/ecs/scenario'], since: '1h' },
  given: lines(5),
  play: async (user) => {
    await user.sees('table 5 of 5', 'following');
    await user.does('pause');
    await user.sees('paused');
    write(user.region, user.clock, 'came while it was paused');
    await user.comes('paused, 1 new', '1m');
    await user.misses('came while it was paused');
    await user.does('newest');
    await user.sees('came while it was paused');
    write(user.region, user.clock, 'came live');
    await user.comes('came live', '1m');
  },
};
