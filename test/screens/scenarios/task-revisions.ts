import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'the revisions of a task definition are listed, and any two compared',
  at: { kind: 'task-definition', family: 'data-prod-kafka_metadata' },
  play: async (user) => {
    await user.sees('Revisions of data-prod-kafka_metadata 3', /1 +inactive .*1\.12\.4/);
    await user.does('compare');
    await user.sees(/- +"image": .*1\.12\.6/, /\+ +"image": .*1\.12\.8/);
    await user.leaves();
    await user.does('last');
    await user.does('mark');
    await user.sees('1 marked');
    await user.does('first');
    await user.does('mark');
    await user.does('compare');
    await user.sees('1 to 3', /- +"image": .*1\.12\.4/);
  },
};
