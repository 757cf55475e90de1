import { lines } from '../support/lines.ts';
import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'a log is read from another time on, jumped in by time, and a time that is none is told',
  at: { kind: 'logs', groups: ['/ecs/scenario'], since: '1h' },
  given: lines(40),
  play: async (user) => {
    await user.sees('table 40 of 40');
    await user.does('jump', '30m');
    await user.sees('No line is held from');
    await user.does('since', 'yesterday');
    await user.sees('Not a time: yesterday');
    await user.does('since', '2h');
    await user.sees('since 2h', 'table 40 of 40');
    await user.does('jump');
    await user.sees('Jump to a time', '11:04');
  },
};
