import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'the actions of a screen can be chosen from a list, and one that can not act says why',
  play: async (user) => {
    await user.sees(/sandbox .* none/);
    await user.selects('sandbox');
    await user.does('actions');
    await user.sees('Actions', 'Deploy an ingestion into the environment', 'It has no ingestion');
    await user.leaves();
    await user.sees('sandbox');
  },
};
