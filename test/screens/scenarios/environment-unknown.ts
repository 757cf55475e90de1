import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'an environment that does not exist is told, and Esc leads back',
  play: async (user) => {
    await user.sees('data-prod');
    await user.does('env', 'nowhere');
    await user.sees('nowhere', /not found|does not exist|no environment/i);
    await user.does('tab-dags');
    await user.sees(/not found|does not exist|no environment/i);
  },
};
