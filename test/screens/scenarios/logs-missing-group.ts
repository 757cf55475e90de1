import { write } from '../support/lines.ts';
import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'a log group that does not exist yet is waited for',
  at: { kind: 'logs', groups: ['/ecs/scenario'] },
  play: async (user) => {
    await user.sees('waiting for the log group');
    user.region.region.logs.createGroup('/ecs/scenario', {});
    write(user.region, user.clock, 'the first line');
    await user.comes('the first line', '2m');
  },
};
