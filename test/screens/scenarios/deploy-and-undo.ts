import { toPlan } from '../support/deploying.ts';
import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'a deployment is applied step by step after a question, and taken back after another',
  play: async (user) => {
    await toPlan(user, 'ECS operator');
    await user.does('apply');
    await user.sees('deploy it', 'leave it');
    await user.answers('yes');
    await user.comes('Deployed. R runs it now', '10m');
    await user.does('undo');
    await user.sees('Remains:', 'leave it');
    await user.answers('yes');
    await user.comes('Taken back.', '10m');
  },
};
