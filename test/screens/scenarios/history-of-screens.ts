import type { Scenario } from '../support/play.ts';
import { from } from '../support/user.ts';

export const scenario: Scenario = {
  shows: 'the history of screens goes back and forward, and says where it ends',
  play: async (user) => {
    await user.sees('data-prod');
    await user.does('history-back');
    await user.sees('This is the first screen');
    await user.does('env', 'data-prod');
    await user.does('cluster', 'batch');
    await user.sees('batch › tasks', from(120, 'Dashboard › data-prod › overview › batch › tasks'));
    await user.does('history-back');
    await user.sees('data-prod › overview');
    await user.does('history-forward');
    await user.sees('batch › tasks');
    await user.does('history-forward');
    await user.sees('This is the last screen');
  },
};
