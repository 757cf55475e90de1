import type { Scenario } from '../support/play.ts';
import { from } from '../support/user.ts';

export const scenario: Scenario = {
  shows: 'the dashboard fills with environments and clusters, and says what is wrong with the selected one',
  play: async (user) => {
    await user.sees('MWAA environments 4', 'ECS clusters 3', 'analytics', 'platform', 'batch', '3 need attention');
    await user.selects('legacy');
    await user.sees('legacy: update failed 1h ago: Requirements could not be installed', from(120, 'WORKERS'));
    await user.selects('data-prod');
    await user.sees(/data-prod: \w+ failed/, '4, 1 failed');
  },
};
