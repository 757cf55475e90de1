import { callOff, plan, type Scenario } from '../support/play.ts';
import { from } from '../support/user.ts';

export const scenario: Scenario = {
  shows:
    'credentials that have ended say so and how to go on, rows that were read stay, and everything goes on by itself',
  play: async (user) => {
    await user.sees('data-prod', 'platform');
    await plan(user.region, {
      service: '*',
      times: 0,
      fault: { kind: 'error', status: 403, code: 'ExpiredTokenException', message: 'The security token has expired' },
    });
    await user.does('refresh');
    await user.sees('session ended', 'data-prod', 'platform');
    await user.sees(from(120, 'The session has ended: :login signs in again, nothing is lost'));
    await user.does('errors');
    await user.sees(/security token.* expired|session.* ended/i);
    await user.leaves();
    await callOff(user.region);
    await user.comes('Signed in again', '1m');
    await user.misses('session ended');
  },
};
