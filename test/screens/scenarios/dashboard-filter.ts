import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'a table is filtered by words, columns and what they must not be; one that fits nothing says so',
  play: async (user) => {
    await user.sees('sandbox');
    await user.does('find');
    await user.types('status:available !sand');
    await user.sees('MWAA environments 1/4 /status:available !sand', 'data-prod');
    await user.misses(' legacy ');
    await user.enters();
    await user.finds('nothing-like-it');
    await user.sees('None of 4 matches');
    await user.leaves();
    await user.sees('MWAA environments 4', 'legacy');
  },
};
