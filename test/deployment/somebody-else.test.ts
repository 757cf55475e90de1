import { expect, test } from 'vitest';
import { openAirflow } from '../../src/airflow/airflow.ts';
import type { Session } from '../../src/aws/session.ts';
import { readEnvironment } from '../../src/fleet/environments.ts';
import { regionForEach } from '../support/given-region.ts';
import type { Border, VirtualRegion } from '../support/virtual-region.ts';
import { apply, journals, plan, undo, type Wanted } from './bench.ts';
import { changes } from './disturb.ts';

type RegisterInput = Parameters<Session['ecs']['registerTaskDefinition']>[0];

const BUCKET = 'mwaa-data-prod-123456789012';
const signal = new AbortController().signal;
let region: VirtualRegion;
let session: Session;

regionForEach((given) => {
  ({ region, session } = given);
});

/** Deploys while somebody does something right after an operation was carried out. */
async function applyWhile(wanted: Wanted, operation: string, meddle: (border: Border) => Promise<unknown>) {
  let meddled = false;
  const meanwhile = await region.open({
    after: async (border) => {
      if (meddled || border.operation !== operation) return;
      meddled = true;
      await meddle(border);
    },
  });
  const planned = await plan(session, region, wanted);
  return apply({ ...planned, target: { ...planned.target, session: meanwhile } });
}

test('who writes over a step at the same moment is found out by reading it back', async () => {
  const policy = await applyWhile({ options: { dagId: 'policy' } }, 'PutRolePolicy', ({ input }) => {
    const statement = { Effect: 'Allow', Action: 's3:*', Resource: '*' };
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    return session.iam.putRolePolicy({ ...(input as { RoleName: string; PolicyName: string }), PolicyDocument });
  });
  const secret = await applyWhile({ options: { dagId: 'secret' } }, 'CreateSecret', ({ input }) =>
    session.secretsManager.putSecretValue({ SecretId: (input as { Name: string }).Name, SecretString: '{}' }),
  );
  const dag = await applyWhile({ options: { dagId: 'dag' } }, 'RegisterTaskDefinition', ({ input }) =>
    session.ecs.registerTaskDefinition({ ...(input as RegisterInput), cpu: '4096', memory: '8192' }),
  );
  const failures = [policy, secret, dag].map(({ outcome: { failure } }) => failure?.message);
  expect(failures).toEqual([
    'mwaa-data-prod-role / mwaa-console-policy was written by somebody else at the same moment.',
    'mwaa-console/data-prod/secret was written by somebody else at the same moment.',
    'data-prod-dag got another revision from somebody else at the same moment.',
  ]);
});

test('so is who writes over the DAG', async () => {
  const file = { Bucket: BUCKET, Key: 'dags/object.py' };
  const over = await region.open({
    after: async ({ operation, input }) => {
      if (operation !== 'PutObject' || (input as { Key?: string }).Key !== file.Key) return;
      await session.s3.putObject({ ...file, Body: 'from airflow import DAG\n' });
    },
  });
  const planned = await plan(session, region, { options: { dagId: 'object' } });
  const { outcome } = await apply({ ...planned, target: { ...planned.target, session: over } });
  expect(outcome.failure?.message).toBe(`s3://${BUCKET}/dags/object.py was written by somebody else.`);
});

test('who goes on with a journal meanwhile has it: nothing more is written from here', async () => {
  const written: string[] = [];
  let taken = false;
  const meanwhile = await region.open({
    before: (border) => {
      if (taken && changes(border) && !JSON.stringify(border.input).includes('lock.json'))
        written.push(border.operation);
    },
    after: async ({ operation }) => {
      if (operation !== 'PutRolePolicy' || taken) return;
      const [journal] = await journals(session);
      const Key = `mwaa-console/data-prod/deployments/${journal?.id}.json`;
      await session.s3.putObject({ Bucket: BUCKET, Key, Body: JSON.stringify({ ...journal, startedBy: 'another' }) });
      taken = true;
    },
  });
  const planned = await plan(session, region);
  await expect(apply({ ...planned, target: { ...planned.target, session: meanwhile } })).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringMatching(/^Somebody else has gone on with deployment/),
  });
  // The write that finds it out is the journal's own.
  expect(written).toEqual(['PutObject']);
  expect((await journals(session))[0]).toMatchObject({ startedBy: 'another', state: 'applying' });
});

test('a DAG that somebody has paused stays paused when it is deployed again', async () => {
  await apply(await plan(session, region, { options: { dagId: 'held' } }));
  const airflow = openAirflow(session, await readEnvironment(session, 'data-prod', signal));
  await airflow.setPaused('held', true, signal);
  const changed = await plan(session, region, { options: { dagId: 'held', schedule: '@daily' } });
  expect(changed.plan.steps.map(({ id }) => id)).toEqual(['dag', 'airflow']);
  expect((await apply(changed)).outcome.state).toBe('done');
  expect((await airflow.dag('held', signal))?.paused).toBe(true);
});

test('a log group that has lines by then stays, and is said to', async () => {
  const logGroup = '/ecs/kept';
  await apply(await plan(session, region, { options: { dagId: 'logs', logGroup } }));
  const { logs } = region.running.region;
  const group = logs.groups().find(({ name }) => name === logGroup);
  if (group === undefined) throw new Error(`${logGroup} was not made.`);
  logs.createStream(group, 'ecs/one');
  await undo(session);
  expect(logs.groups()).toContain(group);
  const [journal] = await journals(session);
  expect(journal?.steps.map(({ remains }) => remains)).toContain(`the log group ${logGroup}: it holds lines`);
});

test('the record of what an ingestion goes back to names the version of its DAG that is there then', async () => {
  await apply(await plan(session, region, { options: { dagId: 'again' } }));
  await apply(await plan(session, region, { options: { dagId: 'again', schedule: '@daily' } }));
  await undo(session);
  const { s3 } = region.running.region;
  const record = s3.object(BUCKET, 'mwaa-console/data-prod/ingestions/again.json')?.body.toString('utf8');
  const newest = await session.s3.headObject({ Bucket: BUCKET, Key: 'dags/again.py' });
  expect(JSON.parse(record ?? '{}')).toMatchObject({ dagVersionId: newest.VersionId });
});
