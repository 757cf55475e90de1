import { expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { regionForEach } from '../support/given-region.ts';
import type { VirtualRegion } from '../support/virtual-region.ts';
import { apply, plan, settle, undo, type Wanted } from './bench.ts';

let region: VirtualRegion;
let session: Session;
regionForEach((given) => {
  ({ region, session } = given);
});

/** Plans, and what has to be done. */
async function steps(wanted: Wanted): Promise<string[]> {
  return (await plan(session, region, wanted)).plan.steps.map(({ id }) => id);
}

async function deploy(wanted: Wanted): Promise<string> {
  const { outcome } = await apply(await plan(session, region, wanted));
  expect(outcome.failure?.stack).toBeUndefined();
  return outcome.deployment;
}

async function takeBack(id: string): Promise<void> {
  expect((await undo(session, 'data-prod', id)).outcome.failure?.stack).toBeUndefined();
  await settle(region);
}

test('requirements that a later ingestion has in common with an earlier one stay in force for it', async () => {
  const wanted = (dagId: string, extras: string[]): Wanted => ({ mode: 'python', options: { dagId, extras } });
  const one = await deploy(wanted('one', ['snowflake']));
  expect(await steps(wanted('two', ['snowflake']))).not.toContain('environment-update');
  await deploy(wanted('two', ['snowflake']));
  const three = await deploy(wanted('three', ['datalake-s3']));
  const text = () => {
    const { s3, mwaa } = region.running.region;
    const version = mwaa.environment('data-prod')?.settings.requirements?.version;
    return s3.object('mwaa-data-prod-123456789012', 'requirements.txt', version)?.body.toString('utf8') ?? '';
  };
  expect(text()).toContain('# two needs');
  await takeBack(three);
  await takeBack(one);
  expect(text()).toContain('[redshift,snowflake]');
  expect(await steps(wanted('two', ['snowflake']))).toEqual([]);
});
