import { expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { regionForEach } from '../support/given-region.ts';
import type { VirtualRegion } from '../support/virtual-region.ts';
import { journals, resume, undo, worldOf } from './bench.ts';

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
