import { lines } from '../support/lines.ts';
import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'a log group that throttles is said to, and loses no line',
  at: { kind: 'logs', groups: ['/ecs/scenario'], since: '1h' },
  given: lines(3),
  faults: [{ service: 'logs', operation: 'FilterLogEvents', fault: 'throttle', times: 2 }],
  play: async (user) => {
    await user.sees(/throttled/);
    await user.comes('table 3 of 3', '2m');
  },
};
