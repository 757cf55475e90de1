import { expect } from 'vitest';
import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'marked rows are copied together, a line each, and Esc takes the marks away first',
  play: async (user) => {
    await user.sees('sandbox', 'analytics');
    await user.does('first');
    await user.does('mark');
    await user.does('mark');
    await user.sees('2 marked');
    await user.does('copy');
    await user.sees('Sent to the terminal (OSC 52)');
    expect(user.copied).toEqual(['analytics\ndata-prod']);
    await user.leaves();
    await user.misses('marked');
  },
};
