import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'a table is sorted by a chosen column, which has the arrow, and turned round by the same choice',
  play: async (user) => {
    await user.selects('data-prod');
    await user.does('sort');
    await user.sees('Sort by', 'NAME', 'as listed');
    await user.chooses('STATUS');
    await user.sees('STATUS▲', 'data-prod');
    await user.does('sort');
    await user.chooses('STATUS');
    await user.sees('STATUS▼');
    await user.does('sort');
    await user.chooses('as listed');
    await user.misses('STATUS▼');
  },
};
