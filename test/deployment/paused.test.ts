import { expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { regionForEach } from '../support/given-region.ts';
import type { VirtualRegion } from '../support/virtual-region.ts';
import { journals, plan, resume, undo, worldOf } from './bench.ts';

let region: VirtualRegion;
let session: Session;
regionForEach((given) => {
  ({ region, session } = given);
});

test('the deployment that the region shows as paused is resumed by whoever comes', async () => {
  const { outcome, events } = await resume(session, 'analytics');
  expect(outcome?.failure?.stack).toBeUndefined();
  expect(outcome?.state).toBe('done');
  expect(events.filter((event) => event.type === 'step' && event.state === 'done')).toHaveLength(3);
  expect((await journals(session, 'analytics'))[0]?.state).toBe('done');
});

test('or taken back, which leaves the ingestion as it was', async () => {
  const before = worldOf(region, 'analytics');
  expect((await undo(session, 'analytics')).outcome.failure?.stack).toBeUndefined();
  expect(worldOf(region, 'analytics')).toBe(before);
});

test('and whoever deploys meanwhile is told of it, with a warning where it would take its place', async () => {
  const lockCheck = async (dagId: string) => {
    const { checks } = (await plan(session, region, { environment: 'analytics', options: { dagId } })).plan;
    return checks.find(({ id }) => id === 'lock');
  };
  const evidence = expect.stringMatching(/Nobody else is deploying.* of dbt_metadata stopped at step 4 of 6$/);
  expect(await lockCheck('dbt_metadata')).toMatchObject({ verdict: 'warning', evidence });
  expect(await lockCheck('another')).toMatchObject({ verdict: 'pass', evidence });
});
