import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { Failure, type FailureKind } from '../../src/text/failure.ts';
import { jsonError, KEYS, type Reply, rejection, sessionAt, startWire, type Wire, xmlError } from './wire.ts';

let wire: Wire;
let session: Session;
let reply: Reply;

beforeEach(async () => {
  wire = await startWire(() => reply);
  session = await sessionAt(wire.url);
});

afterEach(async () => {
  session.close();
  await wire.close();
});

async function failureOf(call: Promise<unknown>): Promise<Failure> {
  const error = await rejection(call);
  if (error instanceof Failure) return error;
  throw error;
}

const ROLE = 'arn:aws:sts::123456789012:assumed-role/ReadOnly/jane';
const RUN_TASK = `User: ${ROLE} is not authorized to perform: ecs:RunTask on resource: arn:aws:ecs:eu-west-1:123456789012:task-definition/x:1`;

const CASES: readonly [title: string, reply: Reply, call: (from: Session) => Promise<unknown>, kind: FailureKind][] = [
  ['a missing cluster', jsonError('ClusterNotFoundException', 'Cluster not found.'), list, 'not-found'],
  ['a missing task definition', jsonError('ClientException', 'Unable to describe task definition.'), list, 'not-found'],
  [
    'a bad parameter',
    jsonError('InvalidParameterException', 'Container Overrides length must be at most 8192'),
    list,
    'invalid-request',
  ],
  ['a conflict', jsonError('ConflictException', 'client token was used'), list, 'in-use'],
  ['a quota', jsonError('LimitExceededException', 'too many clusters'), list, 'invalid-request'],
  ['an expired token in JSON', jsonError('ExpiredTokenException', 'The security token is expired'), list, 'expired'],
  ['an expired token in XML', xmlError('ExpiredToken', 'The provided token has expired.', 400), object, 'expired'],
  [
    'an unknown key id',
    jsonError('UnrecognizedClientException', 'The security token is invalid'),
    list,
    'not-signed-in',
  ],
  [
    'a wrong secret',
    jsonError('InvalidSignatureException', 'The request signature does not match', 403),
    list,
    'not-signed-in',
  ],
  ['a missing object', xmlError('NoSuchKey', 'The specified key does not exist.', 404), object, 'not-found'],
  ['a missing bucket', xmlError('NoSuchBucket', 'The specified bucket does not exist', 404), object, 'not-found'],
  [
    'a precondition',
    xmlError('PreconditionFailed', 'At least one of the pre-conditions did not hold', 412),
    put,
    'in-use',
  ],
  ['an inner error of a write', xmlError('InternalError', 'We encountered an internal error.', 500), put, 'service'],
  ['a missing role', queryError('NoSuchEntity', 'The role with name x cannot be found.', 404), role, 'not-found'],
  [
    'EC2 that refuses',
    ec2Error('UnauthorizedOperation', 'You are not authorized to perform this operation.', 403),
    subnets,
    'denied',
  ],
  [
    'EC2 that misses',
    ec2Error('InvalidSubnetID.NotFound', "The subnet ID 'subnet-1' does not exist", 400),
    subnets,
    'not-found',
  ],
  ['S3 that refuses a HEAD', { status: 403, body: '' }, head, 'denied'],
  ['S3 that misses a HEAD', { status: 404, body: '' }, head, 'not-found'],
  [
    'a web page',
    { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' },
    list,
    'service',
  ],
  [
    'a web page for a missing page',
    { status: 404, headers: { 'content-type': 'text/html' }, body: '<html>' },
    list,
    'service',
  ],
];

test.each(CASES)('%s', async (_title, answer, call, kind) => {
  reply = answer;
  const failure = await failureOf(call(session));
  expect(failure.kind).toBe(kind);
  expect(failure.message).not.toMatch(/undefined|\[object|Deserialization/);
  expect(failure.advice).toMatch(/\.|: /);
});

test('a denial names action, resource and the policy that refused', async () => {
  reply = jsonError(
    'AccessDeniedException',
    `${RUN_TASK} because no identity-based policy allows the ecs:RunTask action`,
  );
  const failure = await failureOf(session.ecs.runTask({ taskDefinition: 'x' }));
  expect(failure).toMatchObject({
    kind: 'denied',
    action: 'ecs:RunTask',
    resource: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/x:1',
    exitCode: 1,
  });
  expect(failure.message).toContain('no identity-based policy allows the ecs:RunTask action');
  expect(failure.advice).toContain('Ask for this permission; docs/PERMISSIONS.md');
});

test('an explicit deny says that asking for more does not help', async () => {
  reply = jsonError('AccessDeniedException', `${RUN_TASK} with an explicit deny in a service control policy`);
  const failure = await failureOf(session.ecs.runTask({ taskDefinition: 'x' }));
  expect(failure.message).toContain('explicit deny in a service control policy');
  expect(failure.advice).toContain('no further permission helps');
});

test('a denied key of KMS has its own advice', async () => {
  reply = xmlError(
    'AccessDenied',
    `User: ${ROLE} is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:eu-west-1:1:key/k because no resource-based policy allows it`,
    403,
  );
  const failure = await failureOf(object(session));
  expect(failure).toMatchObject({ kind: 'denied', action: 'kms:Decrypt', resource: 'arn:aws:kms:eu-west-1:1:key/k' });
  expect(failure.advice).toContain("the key's policy");
});

test('a bare Access Denied names the action that was asked for', async () => {
  reply = xmlError('AccessDenied', 'Access Denied', 403);
  expect(await failureOf(object(session))).toMatchObject({
    kind: 'denied',
    action: 's3:GetObject',
    resource: 'dags/x.py',
  });
});

test('a bucket elsewhere names its region', async () => {
  reply = xmlError('PermanentRedirect', 'The bucket must be addressed elsewhere', 301, {
    'x-amz-bucket-region': 'us-east-1',
  });
  const failure = await failureOf(object(session));
  expect(failure).toMatchObject({ kind: 'invalid-request', advice: 'It is in us-east-1: use --region us-east-1.' });
});

test('a clock that is off is said so, with how much', async () => {
  const theirs = new Date(session.clock.now() - 3_600_000);
  const skewed: Reply = {
    ...(jsonError('InvalidSignatureException', 'Signature not yet current: 20260101T000000Z', 403) as object),
    headers: { date: theirs.toUTCString() },
  };
  reply = skewed;
  const failure = await failureOf(list(session));
  expect(failure.kind).toBe('not-signed-in');
  expect(failure.message).toMatch(/clock is 3[56]\d\d s ahead/);
  expect(wire.requests.length).toBeGreaterThan(1);
});

test('a region that is not switched on is said so', async () => {
  reply = jsonError('OptInRequired', 'The AWS Access Key Id needs a subscription for the service', 403);
  expect((await failureOf(list(session))).advice).toContain('Is region eu-west-1 switched on');
});

test('an endpoint of another region is no question of credentials', async () => {
  reply = jsonError('InvalidSignatureException', 'Credential should be scoped to a valid region.', 403);
  const failure = await failureOf(list(session));
  expect(failure.kind).toBe('invalid-request');
  expect(failure.message).toBe(`ECS ListClusters: ${wire.url} does not serve eu-west-1.`);
  expect(failure.advice).toContain('--region');
});

test('a write without a clear answer may have been carried out, and is not sent again', async () => {
  reply = jsonError('ServerException', 'oops', 500);
  const failure = await failureOf(session.ecs.registerTaskDefinition({ family: 'f', containerDefinitions: [] }));
  expect(failure.advice).toMatch(/^It may have been carried out all the same/);
  expect(wire.requests).toHaveLength(1);
});

test('a read is sent again after an inner error', async () => {
  reply = jsonError('ServerException', 'oops', 500);
  await failureOf(list(session));
  expect(wire.requests).toHaveLength(3);
});

test('a failure carries no request with it, whose signature and token would end in a crash report', async () => {
  const credentials = { ...KEYS, sessionToken: 'token-of-the-session' };
  const signed = await sessionAt(wire.url, { credentials });
  const replies: Reply[] = [
    jsonError('AccessDeniedException', 'no'),
    { body: '<html>' },
    (response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
      response.destroy();
    },
  ];
  for (const each of replies) {
    reply = each;
    const failure = await failureOf(signed.ecs.stopTask({ task: 't' }));
    const told = inspect(failure, { depth: 20, showHidden: true });
    expect(told).toContain('[cause]');
    expect(told).not.toMatch(/token-of-the-session|AKIADEMOADMIN|Signature=/);
  }
  expect(wire.requests[0]?.headers['x-amz-security-token']).toBe('token-of-the-session');
  signed.close();
});

test('JSON under the label of a page is read, as some emulators send it', async () => {
  const page = { 'content-type': 'text/html; charset=utf-8' };
  reply = { headers: page, body: '{"clusterArns": ["arn:a"]}' };
  expect(await list(session)).toMatchObject({ clusterArns: ['arn:a'] });
  reply = { headers: { ...page, 'content-length': '0' }, body: '' };
  await session.logs.putRetentionPolicy({ logGroupName: 'a', retentionInDays: 1 });
  reply = { headers: page, body: '<html>Sign in</html>' };
  const failure = await failureOf(session.logs.putRetentionPolicy({ logGroupName: 'a', retentionInDays: 1 }));
  expect(failure.kind).toBe('service');
});

test('what is no error of AWS stays what it is', async () => {
  const bug = await rejection(session.s3.getObject({ Bucket: '', Key: 'k' }));
  expect(bug).not.toBeInstanceOf(Failure);
});

function list(from: Session): Promise<unknown> {
  return from.ecs.listClusters({});
}

function object(from: Session): Promise<unknown> {
  return from.s3.getObject({ Bucket: 'b', Key: 'dags/x.py' });
}

function put(from: Session): Promise<unknown> {
  return from.s3.putObject({ Bucket: 'b', Key: 'dags/x.py', Body: 'x' });
}

function head(from: Session): Promise<unknown> {
  return from.s3.headObject({ Bucket: 'b', Key: 'dags/x.py' });
}

function role(from: Session): Promise<unknown> {
  return from.iam.getRole({ RoleName: 'x' });
}

function subnets(from: Session): Promise<unknown> {
  return from.ec2.describeSubnets({});
}

function queryError(code: string, message: string, status: number): Reply {
  return {
    status,
    headers: { 'content-type': 'text/xml' },
    body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
  };
}

function ec2Error(code: string, message: string, status: number): Reply {
  return {
    status,
    headers: { 'content-type': 'text/xml' },
    body: `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>r</RequestID></Response>`,
  };
}
