import { toPlan } from '../support/deploying.ts';
import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'the plan is reviewed, each step by its diff, with no secret shown',
  play: async (user) => {
    await toPlan(user, 'ECS operator');
    await user.does('open');
    await user.sees('+sink:', '/dev/null');
    await user.finds('jwtToken');
    await user.sees('jwtToken');
    await user.misses('demo-token');
  },
};
