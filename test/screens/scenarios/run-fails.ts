import { expect } from 'vitest';
import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows:
    'a run that fails says the exit code, the error, and what to check first; its task is described and opened from there',
  at: { kind: 'environment', name: 'data-prod', tab: 'ingestion' },
  play: async (user) => {
    await user.selects('kafka_metadata');
    await user.does('run');
    await user.answers('yes');
    await user.comes('exit code 1', '30m');
    await user.sees('failed', /host was not reached/i);
    await user.does('next-error');
    await user.sees(/^>.*Traceback/m);
    await user.does('describe');
    await user.sees('lastStatus: STOPPED', 'family: data-prod-kafka_metadata');
    await user.leaves();
    await user.does('copy-arn');
    await user.does('web');
    await user.screen.until(() => user.copied.length === 2, 'both are copied');
    const [arn, page] = user.copied;
    expect(arn).toMatch(/:task\/openmetadata-ingestion\//);
    expect(page).toContain('/ecs/v2/clusters/openmetadata-ingestion/tasks/');
  },
};
