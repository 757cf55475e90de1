import { expect } from 'vitest';
import type { Scenario } from '../support/play.ts';
import { writes } from '../support/writes.ts';

export const scenario: Scenario = {
  shows: 'a console started read-only refuses every write with the reason, and unlock too',
  options: { readOnly: true },
  play: async (user) => {
    await user.selects('data-prod');
    await user.does('ingest');
    await user.sees('READ-ONLY', 'This console is read-only');
    await user.does('env', 'data-prod');
    await user.does('tab-ingestion');
    await user.selects('kafka_metadata');
    await user.does('run');
    await user.sees('This console is read-only');
    await user.does('unlock');
    await user.sees('started with --read-only');
    expect(await writes(user.region.url)).toEqual([]);
  },
};
