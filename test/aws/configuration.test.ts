import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { readConfiguration } from '../../src/aws/configuration.ts';
import { openSession } from '../../src/aws/open.ts';
import { listProfiles } from '../../src/aws/profiles.ts';
import { shownSharedPaths } from '../../src/aws/shared-files.ts';
import { makeHome } from './home.ts';
import { rejection } from './wire.ts';

const home = makeHome();

afterEach(() => vi.unstubAllEnvs());
afterAll(() => home.remove());

const CONFIG = `
[default]
region = eu-central-1

[profile data]
region = eu-west-1
sso_session = company
sso_account_id = 123456789012
sso_role_name = OnCall

[sso-session company]
sso_start_url = https://company.awsapps.com/start
sso_region = eu-west-1

[profile admin]
role_arn = arn:aws:iam::210987654321:role/Admin
source_profile = data
mfa_serial = arn:aws:iam::123456789012:mfa/jane

[profile moto]
region = us-east-1
endpoint_url = http://127.0.0.1:5000
services = local

[services local]
s3 =
  endpoint_url = http://127.0.0.1:9000

[profile tool]
credential_process = /usr/local/bin/tool

[profile circle]
role_arn = arn:aws:iam::1:role/x
source_profile = circle
`;

const CREDENTIALS = '[keys]\naws_access_key_id = AKIA\naws_secret_access_key = s\n';

test('the region comes from the option, the environment, the profile, in this order', async () => {
  home.configure(CONFIG, CREDENTIALS);
  const region = async (option?: string) => (await readConfiguration({ region: option }, process.env)).region;
  expect(await region()).toBe('eu-central-1');
  vi.stubEnv('AWS_DEFAULT_REGION', 'eu-north-1');
  expect(await region()).toBe('eu-north-1');
  vi.stubEnv('AWS_REGION', 'us-west-2');
  expect(await region()).toBe('us-west-2');
  expect(await region('ap-south-1')).toBe('ap-south-1');
});

test('the profile comes from the option, else AWS_PROFILE', async () => {
  home.configure(CONFIG, CREDENTIALS);
  vi.stubEnv('AWS_PROFILE', 'data');
  expect(await readConfiguration({}, process.env)).toMatchObject({ profile: 'data', region: 'eu-west-1' });
  expect(await readConfiguration({ profile: 'moto' }, process.env)).toMatchObject({
    profile: 'moto',
    region: 'us-east-1',
  });
});

test('endpoints: option over the environment over the profile, a service of its own first', async () => {
  home.configure(CONFIG, CREDENTIALS);
  const moto = await readConfiguration({ profile: 'moto' }, process.env);
  expect([moto.endpoint, moto.endpointOf('ecs'), moto.endpointOf('s3')]).toEqual([
    'http://127.0.0.1:5000',
    'http://127.0.0.1:5000',
    'http://127.0.0.1:9000',
  ]);
  vi.stubEnv('AWS_ENDPOINT_URL_CLOUDWATCH_LOGS', 'http://logs.test');
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://all.test');
  const stubbed = await readConfiguration({ profile: 'moto' }, process.env);
  expect([stubbed.endpointOf('logs'), stubbed.endpointOf('s3')]).toEqual(['http://logs.test', 'http://all.test']);
  const option = await readConfiguration({ profile: 'moto', endpoint: 'http://option.test' }, process.env);
  expect([option.endpointOf('logs'), option.endpointOf('s3')]).toEqual(['http://option.test', 'http://option.test']);
  vi.stubEnv('AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', 'true');
  expect((await readConfiguration({ profile: 'moto' }, process.env)).endpointOf('logs')).toBeUndefined();
});

test('an unknown profile lists those that exist', async () => {
  home.configure(CONFIG, CREDENTIALS);
  expect(await rejection(openSession({ profile: 'nope' }))).toMatchObject({
    kind: 'usage',
    exitCode: 2,
    message: 'The AWS profile "nope" does not exist.',
    advice: 'Profiles that exist: admin, circle, data, default, keys, moto, tool.',
  });
});

test('where there is no profile the files that were read are named', async () => {
  home.configure('');
  vi.stubEnv('AWS_CONFIG_FILE', '/etc/aws/on-call');
  const { credentials } = shownSharedPaths(process.env);
  expect(await rejection(openSession({ profile: 'nope' }))).toMatchObject({
    advice: `There are no profiles in /etc/aws/on-call and ${credentials} yet; run: aws configure sso`,
  });
  expect(shownSharedPaths({ HOME: '/home/jane' })).toEqual({
    config: '~/.aws/config',
    credentials: '~/.aws/credentials',
  });
});

test('no region says how to set one', async () => {
  home.configure('[default]\n[profile tool]\ncredential_process = x\n');
  expect(await rejection(openSession({ profile: 'tool' }))).toMatchObject({
    kind: 'usage',
    advice: expect.stringContaining('aws configure set region eu-west-1 --profile tool'),
  });
});

test.each(['eu-west-1.evil.test/', 'a b', '-x', ''])('the region %j never becomes part of a host', async (region) => {
  home.configure('[default]\n');
  expect(await rejection(openSession({ region }))).toMatchObject({ kind: 'usage' });
});

test('an endpoint must be an http URL', async () => {
  home.configure(CONFIG);
  expect(await rejection(openSession({ endpoint: 'localhost:4599' }))).toMatchObject({
    kind: 'usage',
    advice: expect.stringContaining('http://host:port'),
  });
});

test('profiles tell what they need to sign in', async () => {
  home.configure(CONFIG, CREDENTIALS);
  const profiles = await listProfiles();
  expect(profiles.map(({ name, kind, mfa, ssoProfile }) => [name, kind, mfa, ssoProfile])).toEqual([
    ['default', 'none', false, undefined],
    ['admin', 'role', true, 'data'],
    ['circle', 'role', false, undefined],
    ['data', 'sso', false, 'data'],
    ['keys', 'static', false, undefined],
    ['moto', 'none', false, undefined],
    ['tool', 'process', false, undefined],
  ]);
  expect(profiles.find((profile) => profile.name === 'admin')?.account).toBe('210987654321');
  expect(profiles.find((profile) => profile.name === 'data')?.account).toBe('123456789012');
});
