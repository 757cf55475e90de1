import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'only what needs attention is left by attention, and Esc brings the others back',
  play: async (user) => {
    await user.sees('3 need attention');
    await user.does('attention');
    await user.sees(/MWAA environments \d\/4 needs attention/, 'legacy');
    await user.misses(' sandbox ');
    await user.leaves();
    await user.sees('sandbox', 'MWAA environments 4');
  },
};
