import { expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { type Revision, revisions } from '../../src/fleet/revisions.ts';
import { taskDefinitionDiff } from '../../src/fleet/task-definition-diff.ts';
import { regionForAll } from '../support/given-region.ts';

const never = new AbortController().signal;
const CANARY = 'canary-9f3b71';

let session: Session;
regionForAll((given) => {
  ({ session } = given);
});

async function register(change: object): Promise<string> {
  const answer = await session.ecs.registerTaskDefinition(
    {
      family: 'compared',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      containerDefinitions: [{ name: 'main', image: 'public.ecr.aws/docker/library/busybox:1.36', ...change }],
    },
    {},
  );
  return answer.taskDefinition?.taskDefinitionArn ?? '';
}

test('two revisions differ in what was registered, and in nothing that ECS adds', async () => {
  const first = await register({ portMappings: [{ containerPort: 8585 }] });
  const same = await register({ portMappings: [{ containerPort: 8585 }] });
  expect(await taskDefinitionDiff(session, first, same, never)).toBe('');
  const other = await register({ portMappings: [{ containerPort: 9090 }], stopTimeout: 60 });
  const diff = await taskDefinitionDiff(session, first, other, never);
  expect(diff).toMatch(/^-.*"containerPort": 8585/m);
  expect(diff).toMatch(/^\+.*"containerPort": 9090/m);
  expect(diff).toMatch(/^\+.*"stopTimeout": 60/m);
  expect(diff).not.toContain('registeredAt');
});

test('a value that may be a secret stays hidden, and that it has changed is said', async () => {
  const environment = (password: string) => ({
    environment: [
      { name: 'DB_PASSWORD', value: password },
      { name: 'LEVEL', value: 'INFO' },
    ],
  });
  const first = await register(environment(`${CANARY}-1`));
  const second = await register(environment(`${CANARY}-2`));
  const diff = await taskDefinitionDiff(session, first, second, never);
  expect(diff).toMatch(/^\+.*"DB_PASSWORD": "\(hidden\), another value"/m);
  expect(diff).not.toContain(CANARY);
  expect(await taskDefinitionDiff(session, second, await register(environment(`${CANARY}-2`)), never)).toBe('');
});

test('the revisions of a family are listed, deregistered ones too, and read', async () => {
  const arn = await register({});
  await session.ecs.deregisterTaskDefinition({ taskDefinition: arn }, {});
  let rows: Revision[] = [];
  for await (const snapshot of revisions.list(session, { family: 'compared' }, never)) rows = snapshot;
  expect(rows[0]).toMatchObject({ arn, inactive: true, definition: { cpu: '256' } });
  expect(rows.map(({ revision }) => revision)).toEqual(rows.map((_, at) => rows.length - at));
  expect(rows.at(-1)?.definition?.containers[0]?.ports).toEqual(['8585/tcp']);
});

test('a revision that is not there is not found', async () => {
  await expect(taskDefinitionDiff(session, 'compared:1', 'compared:99', never)).rejects.toMatchObject({
    kind: 'not-found',
  });
});
