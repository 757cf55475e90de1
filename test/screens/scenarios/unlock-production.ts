import { expect } from 'vitest';
import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'in production the lock opens by the typed name alone, and the first line is red',
  options: { locksWrites: () => true, isProduction: () => true, relockAfter: 900_000 },
  play: async (user) => {
    await user.sees('READ-ONLY', 'data-prod');
    expect(user.screen.look('123456789012')).toMatchObject({ inverse: true });
    await user.does('unlock');
    await user.sees('in production', /Type \S+ to go on, Esc to leave it/);
    await user.types('something-else');
    await user.enters();
    await user.sees('> something-else');
    await user.leaves();
    await user.sees('READ-ONLY');
    await user.does('unlock');
    await user.types('123456789012');
    await user.enters();
    await user.sees('WRITES 15m');
  },
};
