import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'a locked console opens after a confirmation, and locks again by command',
  options: { locksWrites: () => true, relockAfter: 900_000 },
  play: async (user) => {
    await user.sees('READ-ONLY', 'data-prod');
    await user.does('unlock');
    await user.sees('allow writes', 'leave it');
    await user.answers('no');
    await user.sees('READ-ONLY');
    await user.does('unlock');
    await user.answers('yes');
    await user.sees('WRITES 15m');
    await user.does('lock');
    await user.sees('READ-ONLY');
  },
};
