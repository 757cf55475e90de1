import { lines } from '../support/lines.ts';
import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'a log is searched, and next goes from match to match',
  at: { kind: 'logs', groups: ['/ecs/scenario'], since: '1h' },
  given: lines(60),
  play: async (user) => {
    await user.sees('table 60 of 60', 'following');
    await user.does('find');
    await user.types('table 7 ');
    await user.sees('1 × table 7');
    await user.enters();
    await user.sees(/^>.* table 7 of 60/m);
    await user.does('next');
    await user.sees('Goes on from the start');
  },
};
