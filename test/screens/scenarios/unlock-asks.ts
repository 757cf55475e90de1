import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'a locked console opens after a confirmation, and locks again by command and by itself',
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
    await user.does('unlock');
    await user.answers('yes');
    await user.sleeps('10m');
    await user.sees('WRITES 5m');
    await user.sleeps('5m');
    await user.sees('READ-ONLY', 'Locked against writes again');
    await user.selects('data-prod');
    await user.does('ingest');
    await user.sees('This console is read-only');
  },
};
