import { afterAll, beforeAll, expect, test } from 'vitest';
import { unlessThere } from '../../src/aws/found.ts';
import type { Session } from '../../src/aws/session.ts';
import type { Settings, SourceFile } from '../../src/demo/mwaa/environment.ts';
import type { Planned } from '../../src/deployment/plan.ts';
import { planUndo } from '../../src/deployment/undo.ts';
import { ecsTrustPolicy } from '../../src/ingestion/policies.ts';
import { Failure } from '../../src/text/failure.ts';
import { redshiftPipeline } from '../support/pipelines.ts';
import { type VirtualRegion, virtualRegion } from '../support/virtual-region.ts';
import { apply, plan, settle, undo } from './bench.ts';

const BUCKET = 'mwaa-data-prod-123456789012';

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
  const options = { ...wanted.options, executionRole: 'another', taskRole: 'another' };
  expect(stepsOf(await plan(session, region, { text, options })).filter((id) => id.endsWith('-left'))).toEqual([
    'policy-execution-left',
  ]);
});

test('what a deployment was asked for is asked for again by the next one that does not say otherwise', async () => {
  const secretKmsKey = 'arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555';
  const mirror = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/mirrored/ingestion';
  const image = `${mirror}:1.12.8`;
  const asked = {
    secretKmsKey,
    image,
    architecture: 'ARM64',
    user: '1000:1000',
    retries: 3,
    startDate: '2026-01-31',
    schedule: '@daily',
    extras: ['snowflake'],
  } as const;
  await apply(await plan(session, region, { options: { dagId: 'asked', ...asked } }));
  await settle(region);
  expect(stepsOf(await plan(session, region, { options: { dagId: 'asked' } }))).toEqual([]);
  const otherwise = await plan(session, region, { options: { dagId: 'asked', retries: 1 } });
  expect(otherwise.target.request.run).toEqual({ retries: 1, startDate: '2026-01-31' });
  expect(otherwise.target.request).toMatchObject({ schedule: '@daily', extras: ['snowflake'] });
  const none = await plan(session, region, { options: { dagId: 'asked', schedule: 'none', extras: ['none'] } });
  expect(none.target.request).toMatchObject({ extras: [] });
  expect(none.target.request).not.toHaveProperty('schedule');
  const newer = await plan(session, region, { options: { dagId: 'asked', openmetadataVersion: '1.12.9' } });
  expect(newer.target.request.ecs?.image).toBe(`${mirror}:1.12.9`);
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

test('a plan is told where Airflow does not answer, and not applied where it may not be asked', async () => {
  const refusing = (kind: 'denied' | 'unreachable') =>
    region.open({
      before: ({ operation }) => {
        if (operation === 'InvokeRestApi') throw new Failure(kind, `No: ${kind}.`, { advice: 'Ask for it.' });
      },
    });
  const options = { dagId: 'unasked' };
  const answered = stepsOf(await plan(session, region, { options }));
  const away = await plan(await refusing('unreachable'), region, { options });
  expect(stepsOf(away)).toEqual(answered);
  expect(away.plan.steps.find(({ id }) => id === 'airflow')?.reason).toBe(
    "Airflow can't be asked now: No: unreachable.",
  );
  expect(checksOf(away, 'dag-id')).toEqual(['unknown: Could not check: No: unreachable.']);
  const denied = await plan(await refusing('denied'), region, { options });
  expect(stepsOf(denied)).toEqual(answered);
  expect(checksOf(denied, 'dag-id')).toEqual([
    'fail: Not allowed to ask Airflow: No: denied. A deployment ends by seeing its DAG there',
  ]);
  await expect(apply(denied)).rejects.toMatchObject({ kind: 'refused' });
});

test('who is allowed what the plan takes and no more is told so, though IAM refuses to answer for all at once', async () => {
  const questions: number[] = [];
  const asked = await region.open({
    before: ({ operation, input }) => {
      if (operation !== 'SimulatePrincipalPolicy') return;
      const { ActionNames: actions } = input as { readonly ActionNames: readonly string[] };
      questions.push(actions.length);
      if (actions.length > 1)
        throw new Failure('invalid-request', 'IAM: [a] and [b] require different authorization information.');
    },
  });
  const ours = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:123456789012:${resource}`;
  const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
  const bucket = 'arn:aws:s3:::mwaa-data-prod-123456789012';
  const allowed = [
    { Action: 's3:PutObject', Resource: [`${bucket}/dags/redshift_ingestion.py`, `${bucket}/mwaa-console/*`] },
    {
      Action: 'secretsmanager:*',
      Resource: ours('secretsmanager', 'secret:mwaa-console/data-prod/redshift_ingestion-*'),
    },
    { Action: 'iam:PutRolePolicy', Resource: [role('mwaa-data-prod-role'), role('openmetadata-ingestion-execution')] },
    { Action: 'ecs:RegisterTaskDefinition', Resource: ours('ecs', 'task-definition/data-prod-redshift_ingestion:*') },
    { Action: 'airflow:InvokeRestApi', Resource: ours('airflow', 'role/data-prod/Admin') },
  ];
  await allow('just-enough', allowed);
  const options = { executionRole: 'openmetadata-ingestion-execution' };
  const planned = await plan(by(asked, 'just-enough'), region, { options });
  expect(checksOf(planned, 'caller-permissions')).toEqual([
    `pass: ${role('just-enough')} may take every step, as IAM predicts it`,
  ]);
  expect(Math.max(...questions.slice(-3))).toBe(1);
  await allow('just-enough', allowed.slice(1));
  expect(checksOf(await plan(by(session, 'just-enough'), region, { options }), 'caller-permissions')).toEqual([
    `warning: IAM predicts that ${role('just-enough')} is refused s3:PutObject on ${bucket}/mwaa-console/data-prod/*, s3:PutObject on ${bucket}/dags/redshift_ingestion.py`,
  ]);
});

test("what is another's is not taken over without a word: secret, task definition, DAG", async () => {
  const secret = 'mwaa-console/data-prod/asked';
  const thief = await plan(session, region, { options: { dagId: 'thief', secret } });
  expect(checksOf(thief, 'names-taken')).toEqual([
    `fail: The secret ${secret} is the configuration of asked, which would be replaced`,
  ]);
  await session.secretsManager.createSecret({ Name: 'prod/database', SecretString: 'hunter2' });
  await session.s3.putObject({ Bucket: BUCKET, Key: 'dags/by_hand.py', Body: 'password: "hunter2"\n' });
  const environment = [{ name: 'DB_PASSWORD', value: 'hunter2' }];
  await session.ecs.registerTaskDefinition({
    family: 'data-prod-by_hand',
    containerDefinitions: [{ name: 'main', image: 'other:1', memory: 512, environment }],
  });
  const planned = await plan(session, region, { options: { dagId: 'by_hand', secret: 'prod/database' } });
  expect(checksOf(planned, 'names-taken').map((text) => text.replace(/ is there already.*/, ''))).toEqual([
    'warning: prod/database',
    'warning: data-prod-by_hand',
    'warning: dags/by_hand.py',
  ]);
  expect(JSON.stringify(planned.plan)).not.toContain('hunter2');
});

test('a task definition with a sidecar gives its size, and is told to be too small', async () => {
  await session.ecs.registerTaskDefinition({
    family: 'small',
    cpu: '256',
    memory: '512',
    containerDefinitions: [
      { name: 'proxy', image: 'envoy:1.12.8', essential: false },
      { name: 'main', image: 'mirror/ingestion:1.12.8' },
    ],
  });
  const planned = await plan(session, region, { options: { dagId: 'small', taskDefinition: 'small' } });
  expect(planned.target.request.ecs).toMatchObject({ image: 'mirror/ingestion:1.12.8', cpu: 256, memory: 512 });
  expect(checksOf(planned, 'task-size')).toEqual([expect.stringMatching(/^warning: The task gets 512 MiB/)]);
});

test('requirements whose version in force is gone keep out who adds to them, and nobody else', async () => {
  const put = await session.s3.putObject({ Bucket: BUCKET, Key: 'requirements.txt', Body: 'requests==2.32.3\n' });
  const version = { Bucket: BUCKET, Key: 'requirements.txt', VersionId: put.VersionId };
  await session.s3.deleteObject(version);
  await installing({ path: 'requirements.txt', version: put.VersionId }, async () => {
    expect(stepsOf(await plan(session, region, { options: { dagId: 'unconcerned' } }))).toContain('dag');
    await expect(plan(session, region, { mode: 'python', options: { dagId: 'concerned' } })).rejects.toThrow(
      /which is in force, is gone from the bucket/,
    );
  });
});

test('where nothing is fetched from an index, OpenMetadata comes with plugins.zip, or pip is not set to fail', async () => {
  const python = (openmetadataVersion: string) =>
    plan(session, region, { mode: 'python', options: { dagId: 'shipped', openmetadataVersion } });
  expect(checksOf(await python('1.12.8'), 'wheels')).toEqual([
    'pass: plugins.zip brings openmetadata_ingestion-1.12.8.0-py3-none-any.whl',
  ]);
  const unshipped = await python('1.12.9');
  expect(checksOf(unshipped, 'wheels')).toEqual([
    'fail: Nothing is fetched from an index here, and plugins.zip brings no wheel of openmetadata-ingestion~=1.12.9.0: pip would install nothing',
  ]);
  await expect(apply(unshipped)).rejects.toMatchObject({ kind: 'refused' });
  const { plan: elsewhere } = await plan(session, region, { environment: 'sandbox', mode: 'python' });
  expect(elsewhere.checks.filter(({ id }) => id === 'wheels')).toEqual([]);
});

test('requirements that the environment has at no version of its own are in force again after an undo', async () => {
  const own = 'apache-airflow-providers-slack==8.9.1\n';
  const put = await session.s3.putObject({ Bucket: BUCKET, Key: 'requirements.txt', Body: own });
  await installing({ path: 'requirements.txt', version: undefined }, async (settings) => {
    await apply(await plan(session, region, { mode: 'python', options: { dagId: 'unpinned' } }));
    expect(settings().requirements?.version).not.toBe(put.VersionId);
    const { plan: preview } = await planUndo(session, 'data-prod', undefined, new AbortController().signal);
    expect(preview.remains.join()).toContain('requirements.txt pinned to the version that was its newest');
    expect((await undo(session)).outcome.state).toBe('undone');
    expect(settings().requirements).toEqual({ path: 'requirements.txt', version: put.VersionId });
  });
});

/** While `data-prod` installs another requirements.txt. */
async function installing(requirements: SourceFile, run: (settings: () => Settings) => Promise<void>) {
  const environment = region.running.region.mwaa.environment('data-prod');
  if (environment === undefined) throw new Error('data-prod is not there');
  const { settings } = environment;
  environment.settings = { ...settings, requirements };
  await run(() => environment.settings);
  environment.settings = settings;
}

/** Makes a role with these statements and no others. */
async function allow(RoleName: string, statements: readonly object[]) {
  const AssumeRolePolicyDocument = JSON.stringify(ecsTrustPolicy({ account: '123456789012' }));
  await unlessThere(session.iam.createRole({ RoleName, AssumeRolePolicyDocument }));
  const Statement = statements.map((statement) => ({ Effect: 'Allow', ...statement }));
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await session.iam.putRolePolicy({ RoleName, PolicyName: 'all', PolicyDocument });
}

/** A session that says to be a role's. */
function by(one: Session, role: string): Session {
  const identity = async () => ({ account: '123456789012', arn: `arn:aws:sts::123456789012:assumed-role/${role}/me` });
  return new Proxy(one, { get: (target, name) => (name === 'identity' ? identity : Reflect.get(target, name)) });
}
