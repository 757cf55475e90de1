import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'the AWS calls made are told as aws command lines',
  play: async (user) => {
    await user.sees('analytics', 'need attention');
    await user.does('calls');
    await user.sees('AWS calls made', 'aws ecs ', 'y copies a row');
    await user.finds('list-environments');
    await user.sees('aws mwaa list-environments');
  },
};
