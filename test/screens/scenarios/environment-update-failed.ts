import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'a failed update says its error, and opens what installing the requirements logged at the line that says why',
  at: { kind: 'environment', name: 'legacy', tab: 'overview' },
  play: async (user) => {
    await user.sees('INCORRECT_CONFIGURATION');
    await user.does('update-log');
    await user.sees('streams requirements_install', 'Installing Python dependencies');
    await user.sees(/^>.*ERROR: Cannot install/m, 'The conflict is caused by');
  },
};
