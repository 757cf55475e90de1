import { toPlan } from '../support/deploying.ts';
import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'a step that is refused ends the deployment, says which permission lacks and how to go on',
  faults: [{ service: 'ecs', operation: 'RegisterTaskDefinition', fault: 'denied' }],
  play: async (user) => {
    await toPlan(user, 'ECS operator');
    await user.does('apply');
    await user.answers('yes');
    await user.comes(/failed +\S+ +[+~] task definition/, '10m');
    await user.sees('ecs:RegisterTaskDefinition', 'C goes on where it stopped');
    await user.does('run');
    await user.sees('It is not deployed yet');
  },
};
