import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'help lists the keys of the screen, and search finds one',
  play: async (user) => {
    await user.selects('data-prod');
    await user.does('help');
    await user.sees('Keys and commands', 'Deploy an ingestion into the environment');
    await user.screen.press('/');
    await user.types('JSON');
    await user.enters();
    await user.sees('Show what is selected as JSON');
  },
};
