import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'who may do nothing reads which permissions lack, and the calls that were refused',
  as: 'nobody',
  play: async (user) => {
    await user.sees('NoAccess', 'airflow:ListEnvironments', 'ecs:ListClusters');
    await user.does('calls');
    await user.sees('aws mwaa list-environments', 'AccessDenied');
    await user.leaves();
    await user.does('policy');
    await user.sees('"airflow:ListEnvironments"', '"ecs:ListClusters"');
  },
};
