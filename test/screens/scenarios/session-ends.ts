import { lines, write } from '../support/lines.ts';
import { MFA_ROLE } from '../support/mfa.ts';
import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows:
    'the end of a session is counted down, warned of, and bridged: a log that is followed loses neither place nor lines',
  config: `${MFA_ROLE}duration_seconds = 900\n`,
  at: { kind: 'logs', groups: ['/ecs/scenario'], since: '1h' },
  given: lines(5),
  play: async (user) => {
    await user.sees('Multi-factor authentication');
    await user.types('123456');
    await user.enters();
    await user.sees('session 15m', 'table 5 of 5');
    await user.sleeps('4m');
    await user.comes('The session ends in 10m', '2m');
    await user.sees('session 10m', 'nothing is lost');
    // The console renews what it can before the end; who can not give a code now goes on with what there is.
    await user.sleeps('4m');
    await user.comes('Multi-factor authentication', '2m');
    await user.leaves();
    write(user.region, user.clock, 'came shortly before the end');
    await user.comes('came shortly before the end', '1m');
    await user.sleeps('4m');
    await user.comes('The session has ended', '2m');
    await user.comes('waiting for credentials', '1m');
    await user.sees('session ended', 'came shortly before the end');
    write(user.region, user.clock, 'came while nobody was signed in');
    await user.waits('20s');
    await user.misses('came while nobody was signed in', 'Multi-factor authentication');
    await user.does('refresh');
    await user.sees('Multi-factor authentication');
    await user.types('654321');
    await user.enters();
    await user.sees('session 15m');
    await user.comes('came while nobody was signed in', '2m');
    await user.sees('table 5 of 5', 'came shortly before the end', /following.* 7 lines/);
  },
};
