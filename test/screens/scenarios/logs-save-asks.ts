import { lines } from '../support/lines.ts';
import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'saving asks for a file, and a path that can not be written is told',
  at: { kind: 'logs', groups: ['/ecs/scenario'], since: '1h' },
  given: lines(3),
  play: async (user) => {
    await user.sees('table 3 of 3');
    await user.does('save');
    await user.sees(/Save \d+ lines/);
    await user.edits('clear');
    await user.types('/nowhere/at/all.log');
    await user.enters();
    await user.sees("/nowhere/at/all.log can't be written");
  },
};
