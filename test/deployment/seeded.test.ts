import { expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { INGESTIONS, secretName } from '../../src/demo/world/names.ts';
import { readIngestion } from '../../src/fleet/ingestions.ts';
import { regionForAll } from '../support/given-region.ts';
import type { VirtualRegion } from '../support/virtual-region.ts';
import { apply, journals, plan, undo } from './bench.ts';

const signal = new AbortController().signal;

let region: VirtualRegion;
let session: Session;
regionForAll((given) => {
  ({ region, session } = given);
});

test.each(INGESTIONS)('the embedded region has $dagId in $environment as the console deploys it', async (seeded) => {
  const { environment, dagId, mode, schedule } = seeded;
  const text = region.running.region.secrets.value(secretName(environment, dagId)) ?? '';
  const planned = await plan(session, region, { environment, mode, text, options: { dagId, schedule } });
  expect(planned.plan.steps.map(({ id, diff }) => [id, diff])).toEqual([]);
});

test('its last deployment is in the history, and can be taken back and made again', async () => {
  const [seeded] = INGESTIONS;
  if (seeded === undefined) throw new Error('No ingestion is seeded.');
  const { environment, dagId, mode, schedule } = seeded;
  const record = async () =>
    readIngestion(session, { name: environment, sourceBucket: `mwaa-${environment}-123456789012` }, dagId, signal);
  const deployed = await record();
  const history = await journals(session);
  expect(history.map((journal) => journal.dagId).sort()).toEqual(
    INGESTIONS.filter((each) => each.environment === environment)
      .map((each) => each.dagId)
      .sort(),
  );
  expect((await undo(session, environment, deployed?.deploymentId)).outcome.failure?.stack).toBeUndefined();
  const before = await record();
  expect(before).toMatchObject({ openmetadataVersion: '1.12.6', taskDefinitionArn: expect.stringMatching(/:2$/) });
  const text = region.running.region.secrets.value(secretName(environment, dagId)) ?? '';
  const again = await plan(session, region, { environment, mode, text, options: { dagId, schedule } });
  expect(again.plan.steps.map(({ id }) => id)).toEqual(['task-definition', 'dag', 'airflow']);
  expect((await apply(again)).outcome.failure?.stack).toBeUndefined();
  expect(await record()).toMatchObject({ openmetadataVersion: '1.12.8' });
});
