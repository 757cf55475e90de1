import { MFA_ROLE } from '../support/mfa.ts';
import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'who gives no MFA code is not asked again before they want to be',
  config: MFA_ROLE,
  play: async (user) => {
    await user.sees('Multi-factor authentication');
    await user.leaves();
    await user.sees('not signed in', 'AWS profiles 2');
    await user.waits('20s');
    await user.misses('Multi-factor authentication');
    await user.does('errors');
    await user.sees('No code was given', 'Press Ctrl-R to be asked again');
    await user.leaves();
    await user.selects('on-call');
    await user.does('sign-in');
    await user.sees('Multi-factor authentication');
    await user.leaves();
    await user.does('refresh');
    await user.sees('Multi-factor authentication');
    await user.types('123456');
    await user.enters();
    await user.sees('on-call · 123456789012', 'data-prod');
  },
};
