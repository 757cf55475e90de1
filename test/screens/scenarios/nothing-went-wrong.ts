import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'the list of errors says that there is none yet, and an empty policy is not offered',
  play: async (user) => {
    await user.sees('data-prod');
    await user.does('errors');
    await user.sees('What went wrong', 'Nothing');
    await user.leaves();
    await user.does('policy');
    await user.sees('AWS has refused nothing');
  },
};
