import { expect } from 'vitest';
import type { Scenario } from '../support/play.ts';
import { writes } from '../support/writes.ts';

export const scenario: Scenario = {
  shows: 'finding the login asks first, and no leaves everything as it is',
  at: { kind: 'environment', name: 'data-prod', tab: 'connection' },
  play: async (user) => {
    await user.sees('AirflowMetadata');
    await user.does('reveal');
    await user.sees('The login is not known yet');
    await user.does('discover');
    await user.sees('encrypts the login to a key that only this console holds', 'leave it');
    await user.enters();
    await user.sees(/y to .*, n to leave it/);
    await user.answers('no');
    await user.misses('encrypts the login');
    expect(await writes(user.region.url)).toEqual([]);
  },
};
