import { MFA_ROLE, WRONG_CODE } from '../support/mfa.ts';
import { callOff, type Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows:
    'an MFA code is asked for in the console; a wrong one is told and asked for again by itself, the right one signs in',
  config: MFA_ROLE,
  faults: [WRONG_CODE],
  play: async (user) => {
    await user.sees('Multi-factor authentication', 'arn:aws:iam::123456789012:mfa/jane', 'signing in');
    await user.types('12345');
    await user.enters();
    await user.sees('The device shows six digits.');
    await user.types('6');
    await user.enters();
    await user.sees('AWS did not accept the MFA code', 'wait for the next one');
    await user.types('234567');
    await user.enters();
    await user.sees('AWS did not accept the MFA code');
    await callOff(user.region);
    await user.types('345 678');
    await user.enters();
    await user.sees('on-call · 123456789012', 'OnCall', 'session 1h', 'data-prod');
    await user.does('errors');
    await user.sees('Nothing went wrong');
  },
};
