import { expect } from 'vitest';
import { toPlan } from '../support/deploying.ts';
import type { Scenario } from '../support/play.ts';
import { writes } from '../support/writes.ts';

export const scenario: Scenario = {
  shows: 'what restarts workers asks for the name of the environment, and another name is none',
  play: async (user) => {
    await toPlan(user, 'Python operator');
    await user.sees(/restart/);
    await user.does('apply');
    await user.sees('Type data-prod to go on, Esc to leave it');
    await user.types('data-pro');
    await user.enters();
    await user.sees('> data-pro');
    await user.leaves();
    expect(await writes(user.region.url)).toEqual([]);
  },
};
