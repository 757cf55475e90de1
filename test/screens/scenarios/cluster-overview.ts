import { expect } from 'vitest';
import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'the overview of a cluster has what ECS tells of it, and is copied, shown as JSON and opened as a row is',
  at: { kind: 'cluster', name: 'platform', tab: 'overview' },
  play: async (user) => {
    await user.sees('platform › overview', 'capacityProviders');
    await user.does('stop');
    await user.sees('Select a task first');
    await user.does('json');
    await user.sees('platform as JSON', '"capacityProviders"');
    await user.leaves();
    await user.does('copy-arn');
    await user.does('web');
    await user.screen.until(() => user.copied.length === 2, 'both are copied');
    const [arn, page] = user.copied;
    expect(arn).toBe('arn:aws:ecs:eu-west-1:123456789012:cluster/platform');
    expect(page).toContain('/ecs/v2/clusters/platform');
  },
};
