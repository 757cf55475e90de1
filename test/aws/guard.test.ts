import { expect, test } from 'vitest';
import * as ec2 from '../../src/aws/clients/ec2.ts';
import * as ecs from '../../src/aws/clients/ecs.ts';
import * as iam from '../../src/aws/clients/iam.ts';
import * as logs from '../../src/aws/clients/logs.ts';
import * as mwaa from '../../src/aws/clients/mwaa.ts';
import * as s3 from '../../src/aws/clients/s3.ts';
import * as secretsManager from '../../src/aws/clients/secrets-manager.ts';
import * as sts from '../../src/aws/clients/sts.ts';
import type { Session } from '../../src/aws/session.ts';
import { accessOf, findOperation, operations, type ServiceName } from '../../src/reference/operations.ts';
import { rejection, sessionAt, startWire } from './wire.ts';

const CLIENTS = { mwaa, ecs, logs, s3, sts, iam, ec2, secretsManager };

/** Enough for the input checks that happen before anything is sent. */
const INPUT = { Bucket: 'b', Key: 'k', Name: 'n', ResourceArn: 'arn', Path: '/dags', Method: 'PATCH' };

const commands = (Object.keys(CLIENTS) as ServiceName[]).flatMap((service) =>
  Object.keys(CLIENTS[service].commands).map((name) => [service, name] as const),
);

type Call = (input: object) => Promise<unknown>;

function call(session: Session, service: ServiceName, name: string): Promise<unknown> {
  const members = session[service] as unknown as Readonly<Record<string, Call>>;
  const operation = members[name.charAt(0).toLowerCase() + name.slice(1)];
  if (operation === undefined) throw new Error(`no ${service}.${name}`);
  return operation(INPUT);
}

test('the table of operations and the clients name the same operations', () => {
  expect(operations.map((row) => `${row.service}.${row.name}`).sort()).toEqual(
    commands.map(([service, name]) => `${service}.${name}`).sort(),
  );
});

test('what counts as a read is called one, and only InvokeRestApi is judged by its request', () => {
  const reads = operations.filter(({ access }) => access === 'read').map(({ name }) => name);
  expect(reads.filter((name) => !/^(Describe|Filter|Get|Head|List|Simulate)[A-Z]/.test(name))).toEqual([]);
  const byRequest = operations.filter(({ access }) => access === 'by-request').map(({ name }) => name);
  expect(byRequest).toEqual(['InvokeRestApi']);
});

test('read-only: every write of every client is refused before anything goes out, every read goes', async () => {
  const wire = await startWire(() => ({ status: 400, headers: { 'x-amzn-errortype': 'ValidationException' } }));
  const session = await sessionAt(wire.url, { readOnly: true });
  for (const [service, name] of commands) {
    const operation = findOperation(service, name);
    if (operation === undefined) throw new Error(`${service}.${name}`);
    const before = wire.requests.length;
    const error = await rejection(call(session, service, name));
    if (accessOf(operation, INPUT) === 'read') {
      expect(wire.requests.length, `${service}.${name} is sent`).toBeGreaterThan(before);
      expect(error).not.toMatchObject({ kind: 'refused' });
    } else {
      expect(wire.requests.length, `${service}.${name} is not sent`).toBe(before);
      expect(error).toMatchObject({ kind: 'refused', exitCode: 3, action: operation.actions[0] });
    }
  }
  expect(session.calls.every((record) => findOperation(record.service, record.operation)?.access !== 'write')).toBe(
    true,
  );
  await wire.close();
});

test('unlocking lets writes pass and tells listeners', async () => {
  const wire = await startWire(() => ({ body: '{}' }));
  const session = await sessionAt(wire.url, { readOnly: true });
  let told = 0;
  session.subscribe(() => {
    told += 1;
  });
  session.guard = { readOnly: false };
  expect(told).toBe(1);
  await session.ecs.stopTask({ task: 't' });
  expect(wire.requests).toHaveLength(1);
  await wire.close();
});

test('an operation that the table does not know is a bug, not a call', async () => {
  const wire = await startWire(() => ({}));
  const session = await sessionAt(wire.url);
  const unknown = (session.ecs as unknown as Readonly<Record<string, Call>>).deleteService;
  expect(await rejection(unknown?.({}) ?? Promise.resolve())).toBeInstanceOf(TypeError);
  expect(wire.requests).toHaveLength(0);
  await wire.close();
});
