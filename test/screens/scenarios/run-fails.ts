import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'a run that fails says the exit code, the error, and what to check first',
  at: { kind: 'environment', name: 'data-prod', tab: 'ingestion' },
  play: async (user) => {
    await user.selects('kafka_metadata');
    await user.does('run');
    await user.answers('yes');
    await user.comes('exit code 1', '30m');
    await user.sees('failed', /host was not reached/i);
    await user.does('next-error');
    await user.sees(/^>.*Traceback/m);
  },
};
