import { toPlan } from '../support/deploying.ts';
import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'work goes on when its screen is left, and quitting asks first',
  play: async (user) => {
    await toPlan(user, 'ECS operator');
    await user.does('apply');
    await user.answers('yes');
    await user.sees('redshift_ingestion to data-prod');
    await user.leaves();
    await user.leaves();
    await user.sees('ECS clusters', /deploy redshift_ing/);
    await user.does('quit');
    await user.sees('Work is under way', 'stops after the current request');
    await user.answers('no');
    await user.misses('Work is under way');
  },
};
