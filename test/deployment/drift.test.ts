import { expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { lastSnapshot } from '../../src/cli/dashboard.ts';
import { readEnvironment, readEnvironments } from '../../src/fleet/environments.ts';
import { readIngestionState } from '../../src/fleet/ingestion-state.ts';
import { readIngestion } from '../../src/fleet/ingestions.ts';
import { knownDrift } from '../../src/fleet/known-drift.ts';
import { regionForEach } from '../support/given-region.ts';
import type { VirtualRegion } from '../support/virtual-region.ts';
import { apply, plan } from './bench.ts';

const signal = new AbortController().signal;
let region: VirtualRegion;
let session: Session;
regionForEach((given) => {
  ({ region, session } = given);
});

test('what differs from the last deployment is told, of the file, the policy and the task definition', async () => {
  await apply(await plan(session, region, { options: { dagId: 'watched' } }));
  const environment = await readEnvironment(session, 'data-prod', signal);
  const state = async () => {
    const ingestion = await readIngestion(session, environment, 'watched', signal);
    if (ingestion === undefined) throw new Error('there is no record');
    const { file, policy, taskDefinition } = await readIngestionState(session, environment, ingestion, signal);
    return [file, policy, taskDefinition];
  };
  expect(await state()).toEqual(['as-deployed', 'as-deployed', 'as-deployed']);
  expect(knownDrift(session, 'data-prod')).toEqual([]);

  const role = { RoleName: environment.executionRoleArn.split('/').at(-1) ?? '', PolicyName: 'mwaa-console-watched' };
  const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
  await session.iam.putRolePolicy({
    ...role,
    PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
  });
  await session.s3.putObject({ Bucket: environment.sourceBucket, Key: 'dags/watched.py', Body: '# mine' });
  const family = { taskDefinition: 'data-prod-watched' };
  const { taskDefinition: own } = await session.ecs.describeTaskDefinition(family);
  await session.ecs.registerTaskDefinition({
    family: 'data-prod-watched',
    containerDefinitions: own?.containerDefinitions,
    cpu: '512',
    memory: '1024',
    networkMode: 'awsvpc',
    executionRoleArn: own?.executionRoleArn,
  });
  expect(await state()).toEqual(['changed', 'changed', 'changed']);
  const changed = (['DAG file', 'policy', 'task definition'] as const).map((resource) => ({
    dagId: 'watched',
    resource,
    standing: 'changed',
  }));
  expect(knownDrift(session, 'data-prod')).toEqual(changed);
  // The dashboard finds it without anybody having looked at the ingestion, and looks no more for five minutes.
  let asked = 0;
  const other = await region.open({
    before: ({ operation }) => {
      if (operation === 'GetRolePolicy') asked += 1;
    },
  });
  const drift = async () => {
    const rows = await lastSnapshot(readEnvironments(other, signal));
    return rows.find(({ name }) => name === 'data-prod')?.drift?.filter(({ dagId }) => dagId === 'watched');
  };
  expect(await drift()).toEqual(changed);
  const first = asked;
  expect(await drift()).toEqual(changed);
  expect(asked).toBe(first);
  await region.time.clock(0).sleep(5 * 60_000);
  expect(await drift()).toEqual(changed);
  expect(asked).toBe(2 * first);

  await session.iam.deleteRolePolicy(role);
  await session.s3.deleteObject({ Bucket: environment.sourceBucket, Key: 'dags/watched.py' });
  await session.ecs.deregisterTaskDefinition({ taskDefinition: own?.taskDefinitionArn ?? '' });
  expect(await state()).toEqual(['missing', 'missing', 'missing']);
  await apply(await plan(session, region, { options: { dagId: 'watched' } }));
  expect(await state()).toEqual(['as-deployed', 'as-deployed', 'as-deployed']);
  expect(knownDrift(session, 'data-prod')).toEqual([]);
});
