import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import type { MfaCode } from '../../src/aws/credentials.ts';
import { openSession, type SessionOptions } from '../../src/aws/open.ts';
import type { Session } from '../../src/aws/session.ts';
import { Failure } from '../../src/text/failure.ts';
import { HandClock } from '../support/hand-clock.ts';
import { makeHome } from './home.ts';
import { rejection, startWire, until, type Wire, type WireRequest } from './wire.ts';

const home = makeHome();
const opened: { close(): unknown }[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(opened.splice(0).map((one) => one.close()));
});
afterAll(() => home.remove());

/** A server that is ECS and STS at once; AssumeRole gives keys that end an hour after `start`. */
async function startAws(start: number, fails?: (request: WireRequest) => string | undefined): Promise<Wire> {
  const wire = await startWire((request) => {
    if (!request.body.includes('Action=AssumeRole')) return { body: '{}' };
    const code = fails?.(request);
    const headers = { 'content-type': 'text/xml' };
    if (code !== undefined) {
      const [name, message] = code.split('|');
      return {
        status: 403,
        headers,
        body: `<ErrorResponse><Error><Code>${name}</Code><Message>${message}</Message></Error></ErrorResponse>`,
      };
    }
    const end = new Date(start + 3_600_000).toISOString();
    const answer = request.body.includes('WebIdentityToken') ? 'AssumeRoleWithWebIdentity' : 'AssumeRole';
    return {
      headers,
      body: `<${answer}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${answer}Result><Credentials><AccessKeyId>ASIAROLE${roleCalls(wire.requests)}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${end}</Expiration></Credentials></${answer}Result></${answer}Response>`,
    };
  });
  opened.push(wire);
  return wire;
}

function roleCalls(requests: readonly WireRequest[]): number {
  return requests.filter((request) => request.body.includes('Action=AssumeRole')).length;
}

async function open(options: SessionOptions): Promise<Session> {
  const session = await openSession({ region: 'eu-west-1', timeouts: { credentials: 50_000 }, ...options });
  opened.push(session);
  return session;
}

/** The access key ids that signed the calls of ECS. */
function signers(wire: Wire): string[] {
  return wire.requests
    .filter((request) => request.headers['x-amz-target'] !== undefined)
    .map((request) => /Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1] ?? 'unsigned');
}

const ROLE = `
[profile admin]
role_arn = arn:aws:iam::210987654321:role/Admin
source_profile = base
mfa_serial = arn:aws:iam::123456789012:mfa/jane
`;
const BASE = '[base]\naws_access_key_id = AKIABASE\naws_secret_access_key = s\n';

test('keys of the environment sign, unless a profile is named', async () => {
  home.configure('', BASE);
  const wire = await startAws(Date.now());
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAENVIRONMENT');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 's');
  await (await open({ endpoint: wire.url })).ecs.listClusters({});
  await (await open({ endpoint: wire.url, profile: 'base' })).ecs.listClusters({});
  expect(signers(wire)).toEqual(['AKIAENVIRONMENT', 'AKIABASE']);
});

test('a role with MFA asks for one code, for all clients at once, and tells when it ends', async () => {
  home.configure(ROLE, BASE);
  const start = Date.now();
  const wire = await startAws(start);
  vi.stubEnv('AWS_ENDPOINT_URL_STS', wire.url);
  const mfaCode = vi.fn(async (serial: string) => `123456 ${serial}`.slice(0, 6));
  const session = await open({ endpoint: wire.url, profile: 'admin', mfaCode });
  expect(session.credentialsExpireAt).toBeUndefined();
  await Promise.all([
    session.ecs.listClusters({}),
    session.logs.describeLogGroups({}),
    session.mwaa.listEnvironments({}),
  ]);
  expect(mfaCode).toHaveBeenCalledExactlyOnceWith('arn:aws:iam::123456789012:mfa/jane', undefined);
  expect(roleCalls(wire.requests)).toBe(1);
  expect(wire.requests.find((request) => request.body.includes('AssumeRole'))?.body).toContain('TokenCode=123456');
  expect(session.credentialsExpireAt).toBe(start + 3_600_000);
});

test('credentials are renewed shortly before their end', async () => {
  home.configure(ROLE.replace(/mfa.*\n/, ''), BASE);
  const clock = new HandClock(Date.now());
  const wire = await startAws(clock.now());
  vi.stubEnv('AWS_ENDPOINT_URL_STS', wire.url);
  const session = await open({ endpoint: wire.url, profile: 'admin', clock });
  await session.ecs.listClusters({});
  await clock.advance(50 * 60_000);
  await session.logs.describeLogGroups({});
  expect(roleCalls(wire.requests)).toBe(1);
  await clock.advance(6 * 60_000);
  await session.iam.listRoles({}).catch(() => {});
  expect(roleCalls(wire.requests)).toBe(2);
});

test('a role that wants a code, and nobody to ask', async () => {
  home.configure(ROLE, BASE);
  const wire = await startAws(Date.now());
  vi.stubEnv('AWS_ENDPOINT_URL_STS', wire.url);
  const error = await rejection((await open({ endpoint: wire.url, profile: 'admin' })).ecs.listClusters({}));
  expect(error).toMatchObject({ kind: 'not-signed-in', exitCode: 4, message: expect.stringContaining('MFA code') });
});

const refuses = (message: string) => (request: WireRequest) =>
  request.body.includes('TokenCode=000000') ? `AccessDenied|MultiFactorAuthentication failed ${message}` : undefined;

test('a wrong code is told to whoever is asked for the next, and not remembered', async () => {
  home.configure(ROLE, BASE);
  const wire = await startAws(Date.now(), refuses('with invalid MFA one time pass code.'));
  vi.stubEnv('AWS_ENDPOINT_URL_STS', wire.url);
  const codes = ['000000', '000000', '123456'];
  const told: (Failure | undefined)[] = [];
  const mfaCode: MfaCode = async (_, refused) => {
    told.push(refused);
    return codes.shift() ?? '';
  };
  const session = await open({ endpoint: wire.url, profile: 'admin', mfaCode });
  await Promise.all([session.ecs.listClusters({}), session.logs.describeLogGroups({})]);
  const refused = expect.objectContaining({ kind: 'not-signed-in', message: 'AWS did not accept the MFA code.' });
  expect(told).toEqual([undefined, refused, refused]);
  expect(codes).toEqual([]);
});

test('who gives no other code after a wrong one is told so, and asked afresh by the next call', async () => {
  home.configure(ROLE, BASE);
  const wire = await startAws(Date.now(), refuses('with invalid MFA one time pass code.'));
  vi.stubEnv('AWS_ENDPOINT_URL_STS', wire.url);
  const codes = ['000000', undefined, '123456'];
  const told: (Failure | undefined)[] = [];
  const mfaCode: MfaCode = async (_, refused) => {
    told.push(refused);
    const code = codes.shift();
    if (code === undefined) throw new Failure('not-signed-in', 'No code.');
    return code;
  };
  const session = await open({ endpoint: wire.url, profile: 'admin', mfaCode });
  expect(await rejection(session.ecs.listClusters({}))).toMatchObject({ kind: 'not-signed-in', message: 'No code.' });
  await session.ecs.listClusters({});
  expect(told.map((failure) => failure?.message)).toEqual([undefined, 'AWS did not accept the MFA code.', undefined]);
});

test('a device that AWS does not know is said with its words, and no code is asked for again', async () => {
  home.configure(ROLE, BASE);
  const words =
    'unable to validate MFA code. Please verify your MFA serial number is valid and associated with this user.';
  const wire = await startAws(Date.now(), refuses(`, ${words}`));
  vi.stubEnv('AWS_ENDPOINT_URL_STS', wire.url);
  const mfaCode = vi.fn(async () => '000000');
  const session = await open({ endpoint: wire.url, profile: 'admin', mfaCode });
  expect(await rejection(session.ecs.listClusters({}))).toMatchObject({
    kind: 'not-signed-in',
    message: expect.stringContaining(words),
    advice: 'Check mfa_serial of profile admin in ~/.aws/config.',
  });
  expect(mfaCode).toHaveBeenCalledOnce();
});

test('whose credentials have ended, and can not be renewed, is nobody', async () => {
  home.configure(ROLE.replace(/mfa.*\n/, ''), BASE);
  const clock = new HandClock(Date.now());
  let refusing = false;
  const wire = await startAws(clock.now(), () => (refusing ? 'ExpiredToken|The token has expired' : undefined));
  vi.stubEnv('AWS_ENDPOINT_URL_STS', wire.url);
  const session = await open({ endpoint: wire.url, profile: 'admin', clock });
  await session.ecs.listClusters({});
  refusing = true;
  await clock.advance(56 * 60_000);
  await session.logs.describeLogGroups({});
  expect(session.credentialsExpireAt).toBeDefined();
  await clock.advance(5 * 60_000);
  // A client of the SDK goes by the machine's clock: each of these is another.
  expect(await rejection(session.mwaa.listEnvironments({}))).toMatchObject({ kind: 'expired' });
  expect(session.credentialsExpireAt).toBeUndefined();
  expect(await rejection(session.identity())).toMatchObject({ kind: 'expired' });
});

test('a role that may not be assumed names action and role', async () => {
  home.configure(ROLE.replace(/mfa.*\n/, ''), BASE);
  const wire = await startAws(
    Date.now(),
    () =>
      'AccessDenied|User: arn:aws:iam::123456789012:user/jane is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::210987654321:role/Admin',
  );
  vi.stubEnv('AWS_ENDPOINT_URL_STS', wire.url);
  const error = await rejection((await open({ endpoint: wire.url, profile: 'admin' })).ecs.listClusters({}));
  expect(error).toMatchObject({ kind: 'denied', action: 'sts:AssumeRole' });
  expect(error).toMatchObject({ message: expect.stringContaining('arn:aws:iam::210987654321:role/Admin') });
});

const SSO = `
[profile data]
sso_session = company
sso_account_id = 123456789012
sso_role_name = OnCall

[sso-session company]
sso_start_url = https://company.awsapps.com/start
sso_region = eu-west-1

[profile old]
sso_start_url = https://old.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 123456789012
sso_role_name = OnCall

[profile chained]
role_arn = arn:aws:iam::210987654321:role/Admin
source_profile = data
`;

test.each([
  ['data', 'data'],
  ['old', 'old'],
  ['chained', 'data'],
])('an SSO sign-in of profile %s that has expired names the command', async (profile, signIn) => {
  home.configure(SSO);
  const expired = { accessToken: 'a', expiresAt: '2020-01-01T00:00:00Z', region: 'eu-west-1' };
  home.token('company', expired);
  home.token('https://old.awsapps.com/start', expired);
  const error = await rejection((await open({ profile })).ecs.listClusters({}));
  expect(error).toMatchObject({
    kind: 'expired',
    exitCode: 4,
    message: `The sign-in of profile ${profile} has expired.`,
    advice: `Run: aws sso login --profile ${signIn}`,
  });
});

test('an SSO profile that never signed in', async () => {
  home.configure(SSO.replaceAll('company', 'other'));
  const error = await rejection((await open({ profile: 'data' })).ecs.listClusters({}));
  expect(error).toMatchObject({
    kind: 'not-signed-in',
    message: 'Not signed in to SSO of profile data.',
    advice: 'Run: aws sso login --profile data',
  });
});

test('no credentials at all', async () => {
  home.configure('');
  expect(await rejection((await open({})).ecs.listClusters({}))).toMatchObject({
    kind: 'not-signed-in',
    exitCode: 4,
    message: 'There are no AWS credentials.',
    advice: expect.stringContaining('aws sso login'),
  });
});

test('a profile that holds settings only', async () => {
  home.configure('[profile plain]\nregion = eu-west-1\n');
  expect(await rejection((await open({ profile: 'plain' })).ecs.listClusters({}))).toMatchObject({
    kind: 'not-signed-in',
    advice: expect.stringContaining('names no way to sign in'),
  });
});

test('a code is asked for only where there is somebody to assume the role, whose lack is told', async () => {
  home.configure(`${ROLE}\n[profile base]\nregion = eu-west-1\n`);
  const unheard = vi.fn();
  process.on('unhandledRejection', unheard);
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const mfaCode = vi.fn(async () => {
    await turn();
    return '123456';
  });
  for (const given of [{ mfaCode }, {}]) {
    const error = await rejection((await open({ profile: 'admin', ...given })).ecs.listClusters({}));
    await turn();
    expect(error).toMatchObject({ kind: 'not-signed-in', message: expect.stringContaining('base') });
  }
  process.off('unhandledRejection', unheard);
  expect(mfaCode).not.toHaveBeenCalled();
  expect(unheard).not.toHaveBeenCalled();
});

test('another terminal signs in: the next call uses the new keys', async () => {
  home.configure('', BASE);
  const clock = new HandClock();
  const wire = await startAws(Date.now());
  const session = await open({ endpoint: wire.url, profile: 'base', clock });
  await session.ecs.listClusters({});
  writeFileSync(join(home.folder, '.aws', 'credentials'), BASE.replace('AKIABASE', 'AKIANEWKEY'));
  await clock.advance(1_500);
  await session.ecs.listClusters({});
  expect(signers(wire)).toEqual(['AKIABASE', 'AKIANEWKEY']);
});

test('keys that the service refuses are fetched anew for the next call', async () => {
  home.configure('', BASE);
  const wire = await startWire((_, index) =>
    index === 0 ? { status: 400, body: '{"__type":"ExpiredTokenException","message":"expired"}' } : { body: '{}' },
  );
  opened.push(wire);
  const session = await open({ endpoint: wire.url, profile: 'base' });
  expect(await rejection(session.ecs.listClusters({}))).toMatchObject({
    kind: 'expired',
    advice: 'Renew the keys of profile base: aws configure --profile base',
  });
  writeFileSync(join(home.folder, '.aws', 'credentials'), BASE.replace('AKIABASE', 'AKIANEWKEY'));
  await session.ecs.listClusters({});
  expect(signers(wire)).toEqual(['AKIABASE', 'AKIANEWKEY']);
});

test('leaving while credentials are being fetched ends the call, not the fetching for others', async () => {
  home.configure(ROLE, BASE);
  const wire = await startAws(Date.now());
  vi.stubEnv('AWS_ENDPOINT_URL_STS', wire.url);
  let answer: (code: string) => void = () => {};
  const asked = vi.fn(() => new Promise<string>((resolve) => (answer = resolve)));
  const session = await open({
    endpoint: wire.url,
    profile: 'admin',
    mfaCode: asked,
  });
  const controller = new AbortController();
  const leaving = rejection(session.ecs.listClusters({}, { signal: controller.signal }));
  await until(() => expect(asked).toHaveBeenCalledOnce());
  const staying = session.logs.describeLogGroups({});
  controller.abort('leaving');
  expect(await leaving).toBe('leaving');
  answer('123456');
  await staying;
  expect(asked).toHaveBeenCalledOnce();
});

test("a container's task role", async () => {
  home.configure('');
  const end = new Date(Date.now() + 3_600_000).toISOString();
  const wire = await startWire((request) =>
    request.url === '/role'
      ? { body: JSON.stringify({ AccessKeyId: 'ASIATASK', SecretAccessKey: 's', Token: 't', Expiration: end }) }
      : { body: '{}' },
  );
  opened.push(wire);
  const environment = { HOME: home.folder, AWS_CONTAINER_CREDENTIALS_FULL_URI: `${wire.url}/role` };
  const session = await open({ endpoint: wire.url, environment });
  await session.ecs.listClusters({});
  expect(signers(wire)).toEqual(['ASIATASK']);
  expect(session.credentialsExpireAt).toBe(Date.parse(end));
});

test('a web identity', async () => {
  home.configure('');
  const file = join(home.folder, 'token');
  writeFileSync(file, 'the-web-identity');
  const start = Date.now();
  const wire = await startAws(start);
  vi.stubEnv('AWS_ENDPOINT_URL_STS', wire.url);
  vi.stubEnv('AWS_WEB_IDENTITY_TOKEN_FILE', file);
  vi.stubEnv('AWS_ROLE_ARN', 'arn:aws:iam::123456789012:role/pipeline');
  const session = await open({ endpoint: wire.url });
  await session.ecs.listClusters({});
  expect(wire.requests[0]?.body).toContain('WebIdentityToken=the-web-identity');
  expect(signers(wire)).toEqual(['ASIAROLE1']);
});

test("fixed keys look at nothing of the user's", async () => {
  home.configure(
    '[default]\nendpoint_url = http://nothing.invalid\n',
    '[default]\naws_access_key_id = AKIAUSER\naws_secret_access_key = s\n',
  );
  vi.stubEnv('AWS_PROFILE', 'missing');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAENVIRONMENT');
  vi.stubEnv('AWS_USE_FIPS_ENDPOINT', 'true');
  const wire = await startAws(Date.now());
  const credentials = { accessKeyId: 'AKIADEMOADMIN0000000', secretAccessKey: 'test' };
  await (await open({ endpoint: wire.url, credentials })).ecs.listClusters({});
  expect(signers(wire)).toEqual(['AKIADEMOADMIN0000000']);
});
