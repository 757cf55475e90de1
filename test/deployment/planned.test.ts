import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import type { Planned } from '../../src/deployment/plan.ts';
import { Failure } from '../../src/text/failure.ts';
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

const checksOf = ({ plan: { checks } }: Planned, id: string) =>
  checks.filter((check) => check.id === id).map(({ verdict, evidence }) => `${verdict}: ${evidence}`);
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

test('subnets and groups that are not there keep the plan from being applied', async () => {
  const subnets = ['subnet-0a1b2c3d4e5f60011', 'subnet-0123456789abcdef0'];
  const planned = await plan(session, region, { options: { subnets, securityGroups: ['sg-0123456789abcdef0'] } });
  expect(checksOf(planned, 'subnets')).toEqual(['fail: There is no subnet subnet-0123456789abcdef0']);
  expect(checksOf(planned, 'security-groups')).toEqual(['fail: There is no security group sg-0123456789abcdef0']);
});

test('who may not look at the network is told all the same that the mode does not fit', async () => {
  const denied = await region.open({
    before: ({ service, operation }) => {
      if (service === 'ec2') throw new Failure('denied', `Not allowed: ec2:${operation}.`);
    },
  });
  const planned = await plan(denied, region, { environment: 'sandbox', mode: 'python' });
  expect(checksOf(planned, 'mode')[0]).toMatch(/^fail: MWAA pins SQLAlchemy/);
  expect(checksOf(planned, 'subnets')).toEqual(['unknown: Not allowed to check: Not allowed: ec2:DescribeSubnets.']);
});
