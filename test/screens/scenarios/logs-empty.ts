import { lines } from '../support/lines.ts';
import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'a log without lines says what was looked through',
  at: { kind: 'logs', groups: ['/ecs/scenario'], since: '1h' },
  given: lines(0),
  play: async (user) => {
    await user.sees('/ecs/scenario', 'since 1h', /No line/);
    await user.does('next-error');
    await user.sees('There is no error among the lines');
  },
};
