import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'the palette completes commands and their arguments, and says what is unknown or missing',
  play: async (user) => {
    await user.sees('legacy');
    await user.does('palette');
    await user.types('env le');
    await user.sees(':env le', 'env legacy');
    await user.edits('next field');
    await user.enters();
    await user.sees('legacy › overview');
    await user.does('palette');
    await user.types('nonsense');
    await user.enters();
    await user.sees('There is no command nonsense');
    await user.leaves();
    await user.does('palette');
    await user.types('cluster');
    await user.enters();
    await user.sees('cluster needs: cluster');
  },
};
