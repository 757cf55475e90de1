import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Session } from '../../../src/aws/session.ts';
import type { DeploymentOptions } from '../../../src/deployment/options.ts';
import { type Check, planDeployment } from '../../../src/deployment/plan.ts';
import { redshiftPipeline } from '../../support/pipelines.ts';
import { type TestRegion, testRegion } from '../../support/region.ts';

const signal = AbortSignal.timeout(300_000);

let region: TestRegion;
let session: Session;

beforeAll(async () => {
  region = await testRegion(60);
  session = await region.open();
});
afterAll(() => region.close());

async function checks(id: string, options: DeploymentOptions = {}, by = session): Promise<readonly Check[]> {
  const { plan } = await planDeployment(
    by,
    {
      environment: 'data-prod',
      mode: 'ecs',
      pipelineText: redshiftPipeline(region.url),
      pipelineFile: 'redshift.yaml',
      options,
    },
    signal,
  );
  return plan.checks.filter((check) => check.id === id);
}

const policy = (effect: string, action: string, resource = '*') =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: effect, Action: action, Resource: resource }] });

test('what forbids a role the ingestion is told, though its own policy allows it', async () => {
  expect((await checks('role-permissions')).map(({ verdict }) => verdict)).toEqual(['pass', 'pass']);
  const forbids = { RoleName: 'mwaa-data-prod-role', PolicyName: 'forbids' };
  await session.iam.putRolePolicy({ ...forbids, PolicyDocument: policy('Deny', 'ecs:StopTask') }, { signal });
  const told = await checks('role-permissions');
  expect(told.map(({ verdict }) => verdict)).toEqual(['warning', 'pass']);
  expect(told[0]?.evidence).toMatch(/mwaa-data-prod-role is refused ecs:StopTask$/);
  await session.iam.deleteRolePolicy(forbids, { signal });
});

test('a role that ECS may not take fails', async () => {
  const trust = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  });
  await session.iam.createRole({ RoleName: 'of-lambda', AssumeRolePolicyDocument: trust }, { signal });
  const told = await checks('role-trust', { executionRole: 'of-lambda' });
  expect(told.find(({ verdict }) => verdict === 'fail')?.evidence).toContain('of-lambda does not trust');
  expect(await checks('role-trust', { executionRole: 'to-be-made', taskRole: 'to-be-made' })).toEqual([]);
});

test('a role whose inline policies are full fails before anything is written', async () => {
  const RoleName = 'full';
  const trust = policy('Allow', 'sts:AssumeRole').replace(
    '"Resource":"*"',
    '"Principal":{"Service":"ecs-tasks.amazonaws.com"}',
  );
  await session.iam.createRole({ RoleName, AssumeRolePolicyDocument: trust }, { signal });
  const PolicyDocument = policy('Allow', 's3:GetObject', `arn:aws:s3:::${'long-name-'.repeat(1_010)}`);
  await session.iam.putRolePolicy({ RoleName, PolicyName: 'long', PolicyDocument }, { signal });
  const [told] = await checks('policy-size', { executionRole: RoleName });
  expect(told).toMatchObject({ verdict: 'fail', evidence: expect.stringContaining('inline policies of full') });
});

test('the caller is told what IAM would refuse, on which resource; who may not ask is told that', async () => {
  expect((await checks('caller-permissions'))[0]?.verdict).toBe('pass');
  expect((await checks('pass-role'))[0]?.verdict).toBe('pass');
  const onCall = { RoleName: 'OnCall', PolicyName: 'not-quite' };
  const role = 'arn:aws:iam::123456789012:role/openmetadata-ingestion-execution';
  const statements = [
    { Effect: 'Deny', Action: 's3:PutObject', Resource: 'arn:aws:s3:::mwaa-data-prod-123456789012/*' },
    { Effect: 'Deny', Action: 'iam:PassRole', Resource: role },
  ];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  await session.iam.putRolePolicy({ ...onCall, PolicyDocument }, { signal });
  expect((await checks('caller-permissions'))[0]).toMatchObject({
    verdict: 'warning',
    evidence: expect.stringContaining('s3:PutObject on arn:aws:s3:::mwaa-data-prod-123456789012/dags/redshift_'),
  });
  expect((await checks('pass-role'))[0]).toMatchObject({ verdict: 'warning', evidence: expect.stringContaining(role) });
  await session.iam.deleteRolePolicy(onCall, { signal });
});
