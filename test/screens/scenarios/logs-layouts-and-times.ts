import { lines } from '../support/lines.ts';
import type { Scenario } from '../support/play.ts';
import { from } from '../support/user.ts';

export const scenario: Scenario = {
  shows: 'lines are laid out for reading, as JSON over rows and raw, their times local, UTC and as ages, and wrapped',
  at: { kind: 'logs', groups: ['/ecs/scenario'], since: '1h' },
  given: lines(5, '{"level":"info","event":"structured","count":3}'),
  play: async (user) => {
    await user.sees('structured count=3');
    await user.does('pretty');
    await user.sees('"count": 3');
    await user.does('pretty');
    await user.sees('{"level":"info"');
    await user.does('times');
    await user.sees(from(120, 'UTC'));
    await user.does('times');
    await user.sees(/\ds ago/, from(120, 'age'));
    await user.does('times');
    await user.sees(/12:20:00/, from(120, 'local time'));
    await user.does('wrap');
    await user.does('pretty');
    await user.sees('structured count=3');
  },
};
