import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import type { Planned } from '../../src/deployment/plan.ts';
import { redshiftPipeline } from '../support/pipelines.ts';
import { type VirtualRegion, virtualRegion } from '../support/virtual-region.ts';
import { apply, plan, settle } from './bench.ts';

let region: VirtualRegion;
let session: Session;

beforeAll(async () => {
  region = await virtualRegion();
  session = await region.open();
});
afterAll(() => region.close());

const stepsOf = ({ plan: { steps } }: Planned) => steps.map(({ id }) => id);

test('one role that starts the task and is its own has one policy for both, and nothing is left to do', async () => {
  // What it refers to is looked up by the task itself.
  const text = redshiftPipeline(region.url)
    .replace(/password: .*/, 'password: secret:redshift')
    .replace('authProvider: openmetadata', 'authProvider: openmetadata\n    secretsManagerProvider: aws');
  const wanted = { text, options: { dagId: 'one_role', executionRole: 'ingestion', taskRole: 'ingestion' } };
  const planned = await plan(session, region, wanted);
  expect(stepsOf(planned).filter((id) => /role|policy/.test(id))).toEqual([
    'role-execution',
    'policy-environment',
    'policy-execution',
  ]);
  expect((await apply(planned)).outcome.state).toBe('done');
  await settle(region);
  expect(stepsOf(await plan(session, region, wanted))).toEqual([]);
});
