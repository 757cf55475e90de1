import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'the doctor tells what this machine and these credentials can do',
  play: async (user) => {
    await user.sees('data-prod');
    await user.does('doctor');
    await user.sees('Account 123456789012', 'Permissions for deploying');
  },
};
