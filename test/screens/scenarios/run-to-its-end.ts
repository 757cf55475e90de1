import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'a run goes through its phases to its exit, with its lines and its summary',
  at: { kind: 'environment', name: 'data-prod', tab: 'ingestion' },
  play: async (user) => {
    await user.selects('snowflake_metadata');
    await user.does('run');
    await user.sees('Run snowflake_metadata now', 'leave it');
    await user.answers('yes');
    await user.comes('provisioning', '1m');
    await user.comes(/running \d/, '5m');
    await user.comes('exit code 0', '30m');
    await user.sees('succeeded', /workflow +[\d,]+ records/);
    await user.does('stop');
    await user.sees('It has stopped');
  },
};
