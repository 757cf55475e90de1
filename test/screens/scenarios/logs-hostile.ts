import { HOSTILE } from '../support/hostile.ts';
import { lines } from '../support/lines.ts';
import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'lines of a log can not act on the terminal, however they are laid out',
  at: { kind: 'logs', groups: ['/ecs/scenario'], since: '1h' },
  given: lines(0, ...HOSTILE),
  play: async (user) => {
    await user.sees('owned', 'following');
    await user.does('wrap');
    await user.sees('owned');
    await user.does('pretty');
    await user.does('pretty');
    await user.sees('owned');
    await user.does('last');
    await user.does('open');
    await user.sees('ingested');
  },
};
