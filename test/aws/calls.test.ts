import { expect, test } from 'vitest';
import { CallList } from '../../src/aws/call-list.ts';
import { scaledClock } from '../../src/aws/clock.ts';
import { serverDate } from '../../src/aws/server-date.ts';
import { Failure } from '../../src/text/failure.ts';
import { HandClock } from '../support/hand-clock.ts';
import { jsonError, rejection, sessionAt, startWire, until } from './wire.ts';

test('a throttled call goes on by itself, visibly, and takes a token an attempt', async () => {
  const clock = new HandClock();
  const wire = await startWire((_, index) => (index < 2 ? jsonError('ThrottlingException', 'Rate exceeded') : {}));
  const session = await sessionAt(wire.url, { clock });
  const call = session.logs.filterLogEvents({ logGroupName: '/ecs/x' });
  await until(() =>
    expect(session.throttles()).toEqual([{ family: 'logs:FilterLogEvents', until: clock.now() + 1_000 }]),
  );
  await clock.advance(1_000);
  await until(() => expect(wire.requests).toHaveLength(2));
  await until(() => expect(session.throttles()[0]?.until).toBe(clock.now() + 2_000));
  await clock.advance(2_000);
  await call;
  expect(wire.requests).toHaveLength(3);
  expect(session.throttles()).toEqual([]);
  expect(session.calls).toMatchObject([
    { service: 'logs', operation: 'FilterLogEvents', attempts: 3, duration: 3_000 },
  ]);
  await wire.close();
});

test('a call that is throttled for good says so', async () => {
  const wire = await startWire(() => jsonError('ThrottlingException', 'Rate exceeded'));
  const session = await sessionAt(wire.url, { clock: scaledClock(1_000) });
  const error = await rejection(session.ecs.describeTasks({ tasks: ['t'] }));
  expect(error).toMatchObject({ kind: 'throttled', code: 'ThrottlingException' });
  expect(wire.requests).toHaveLength(4);
  await wire.close();
});

test('a wait for the budget ends with the signal', async () => {
  const clock = new HandClock();
  const wire = await startWire(() => jsonError('ThrottlingException', 'Rate exceeded'));
  const session = await sessionAt(wire.url, { clock });
  const controller = new AbortController();
  const call = rejection(session.ecs.listClusters({}, { signal: controller.signal }));
  await until(() => expect(session.throttles()).toHaveLength(1));
  controller.abort('leaving');
  expect(await call).toBe('leaving');
  expect(session.calls[0]).toMatchObject({ error: 'aborted', attempts: 1 });
  await wire.close();
});

test('a request under way ends with the signal, and its connection is given up', async () => {
  let given = false;
  const wire = await startWire(() => (response) => {
    response.on('close', () => {
      given = true;
    });
  });
  const session = await sessionAt(wire.url);
  const controller = new AbortController();
  const call = rejection(session.ecs.listClusters({}, { signal: controller.signal }));
  await until(() => expect(wire.requests).toHaveLength(1));
  controller.abort(new Error('leaving'));
  expect(await call).toMatchObject({ message: 'leaving' });
  await until(() => expect(given).toBe(true));
  await wire.close();
});

test('a body that stops half-way ends with the signal too', async () => {
  const wire = await startWire(() => (response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('half');
  });
  const session = await sessionAt(wire.url);
  const controller = new AbortController();
  const call = rejection(session.s3.getObject({ Bucket: 'b', Key: 'k' }, { signal: controller.signal }));
  await until(() => expect(wire.requests).toHaveLength(1));
  controller.abort('leaving');
  expect(await call).toBe('leaving');
  await wire.close();
});

test('closing the session ends what is under way and whatever comes after', async () => {
  const wire = await startWire(() => () => {});
  const session = await sessionAt(wire.url);
  const call = rejection(session.ecs.listClusters({}));
  await until(() => expect(wire.requests).toHaveLength(1));
  session.close();
  expect(await call).toMatchObject({ kind: 'interrupted' });
  expect(await rejection(session.ecs.listClusters({}))).toMatchObject({ kind: 'interrupted' });
  await wire.close();
});

test('a call may have its own time-out', async () => {
  const wire = await startWire(() => () => {});
  const session = await sessionAt(wire.url);
  const error = await rejection(session.ecs.listClusters({}, { timeout: 50 }));
  expect(error).toBeInstanceOf(Failure);
  expect(error).toMatchObject({ kind: 'unreachable', message: 'No answer within 0.05 s.' });
  await wire.close();
});

test('an object is read to its end and can be read as text and bytes', async () => {
  const wire = await startWire(() => ({ headers: { 'content-type': 'text/plain', etag: '"e"' }, body: 'grüße\n' }));
  const session = await sessionAt(wire.url);
  const object = await session.s3.getObject({ Bucket: 'b', Key: 'k' });
  expect(object.ETag).toBe('"e"');
  expect(await object.Body?.transformToString()).toBe('grüße\n');
  expect(await object.Body?.transformToByteArray()).toHaveLength(8);
  expect(wire.requests[0]?.url).toBe('/b/k?x-id=GetObject');
  await wire.close();
});

test("the service's own time is known of every answer, of an object with a body too", async () => {
  const date = 'Thu, 01 Jan 2026 00:00:00 GMT';
  const wire = await startWire(() => ({ headers: { date }, body: '{}' }));
  const session = await sessionAt(wire.url);
  const answers = [
    await session.ecs.listClusters({}),
    await session.mwaa.listEnvironments({}),
    await session.s3.getObject({ Bucket: 'b', Key: 'k' }),
  ];
  expect(answers.map(serverDate)).toEqual(answers.map(() => Date.UTC(2026, 0, 1)));
  await wire.close();
});

test('the client token of a task is the same in each attempt', async () => {
  const wire = await startWire((_, index) => (index === 0 ? jsonError('ServerException', 'oops', 500) : {}));
  const session = await sessionAt(wire.url, { clock: scaledClock(1_000) });
  await session.ecs.runTask({ taskDefinition: 'x' });
  const tokens = wire.requests.map((request) => (JSON.parse(request.body) as { clientToken?: string }).clientToken);
  expect(tokens).toHaveLength(2);
  expect(tokens[0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(tokens[1]).toBe(tokens[0]);
  await wire.close();
});

test('the list of calls is bounded, newest last, and a new array after each change', () => {
  const ended: string[] = [];
  const list = new CallList(
    new HandClock(),
    () => {},
    (record) => ended.push(record.operation),
  );
  const empty = list.records;
  for (let index = 0; index < 510; index += 1) list.end(list.begin('ecs', `Call${index}`, {}), 1, undefined);
  expect(list.records).not.toBe(empty);
  expect(list.records).toHaveLength(500);
  expect(list.records.at(-1)).toMatchObject({ operation: 'Call509', attempts: 1, duration: 0 });
  expect(ended).toHaveLength(510);
});

test('the identity is asked once, a failure is not remembered', async () => {
  const wire = await startWire((_, index) =>
    index === 0
      ? {
          status: 403,
          headers: { 'content-type': 'text/xml' },
          body: '<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>no</Message></Error></ErrorResponse>',
        }
      : {
          headers: { 'content-type': 'text/xml' },
          body: '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_OnCall_0123456789abcdef/jane</Arn><UserId>U</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
        },
  );
  const session = await sessionAt(wire.url);
  expect(await rejection(session.identity())).toMatchObject({ kind: 'not-signed-in', exitCode: 4 });
  expect(await session.identity()).toMatchObject({ account: '123456789012', name: 'OnCall' });
  await session.identity();
  expect(wire.requests).toHaveLength(2);
  await wire.close();
});
