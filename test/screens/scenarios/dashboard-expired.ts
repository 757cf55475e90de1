import { plan, type Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'credentials that have ended say so and how to go on, and rows that were read stay',
  play: async (user) => {
    await user.sees('data-prod', 'platform');
    await plan(user.region, {
      service: '*',
      times: 0,
      fault: { kind: 'error', status: 403, code: 'ExpiredTokenException', message: 'The security token has expired' },
    });
    await user.does('refresh');
    await user.sees(/expired|ended/, 'data-prod', 'platform');
    await user.does('errors');
    await user.sees(/expired|ended/);
  },
};
