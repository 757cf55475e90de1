import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scaledClock } from '../../src/aws/clock.ts';
import { openSession } from '../../src/aws/open.ts';
import { listProfiles } from '../../src/aws/profiles.ts';
import { testRegion } from '../support/region.ts';
import { openScreen } from './support/screen.ts';

let home: string;
let environment: NodeJS.ProcessEnv;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mwaa-console-home-'));
  environment = {
    HOME: home,
    AWS_CONFIG_FILE: join(home, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(home, 'credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_REGION: 'eu-west-1',
  };
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test('without credentials the console opens, says how to sign in, and asks again on Ctrl-R', async () => {
  environment.AWS_CONFIG_FILE = '/etc/aws/on-call';
  const screen = await openScreen({
    columns: 80,
    rows: 24,
    environment,
    session: () => openSession({ environment }),
    options: { profiles: () => listProfiles(environment) },
  });
  await screen.sees('not signed in');
  await screen.sees('There is no profile in /etc/aws/on-call or ~/credentials.');
  await screen.sees(/aws (sso login|configure|login)/);
  await screen.press('ctrl+r', '!');
  await screen.sees('What went wrong');
  await screen.press('escape', 'q', 'q');
  expect(await screen.ended).toBe(0);
});

test('an SSO profile that nobody is signed in with is named with the command that signs in', async () => {
  writeFileSync(
    join(home, 'config'),
    `[profile on-call]
region = eu-west-1
sso_session = corp
sso_account_id = 123456789012
sso_role_name = OnCall
[sso-session corp]
sso_start_url = https://example.awsapps.com/start
sso_region = eu-west-1
`,
  );
  const screen = await openScreen({
    columns: 80,
    rows: 24,
    session: () => openSession({ environment, profile: 'on-call' }),
    options: { choice: { profile: 'on-call' } },
  });
  await screen.sees('on-call · not signed in');
  await screen.sees('aws sso login --profile on-call');
  expect(await screen.close()).toBe(0);
});

test('an unknown profile is told with those that there are', async () => {
  writeFileSync(join(home, 'config'), '[profile on-call]\nregion = eu-west-1\n');
  const screen = await openScreen({
    columns: 80,
    rows: 24,
    session: ({ profile }) => openSession({ environment, profile }),
    options: { choice: { profile: 'nobody' }, profiles: () => listProfiles(environment) },
  });
  await screen.sees('nobody · not signed in');
  await screen.sees('The AWS profile "nobody" does not exist.');
  await screen.press(':');
  await screen.type('profile ');
  await screen.sees('profile on-call');
  await screen.press('escape');
  expect(await screen.close()).toBe(0);
});

test('an endpoint that does not answer is said in every panel, with its address', async () => {
  // Nothing listens on port 9 (discard) of this machine.
  const screen = await openScreen({
    columns: 80,
    rows: 24,
    session: () =>
      openSession({
        environment,
        endpoint: 'http://127.0.0.1:9',
        region: 'eu-west-1',
        credentials: { accessKeyId: 'AKIADEMOADMIN0000000', secretAccessKey: 'demo' },
      }),
  });
  await screen.sees('127.0.0.1:9');
  await screen.sees(/not reach|unreachable|refused/i);
  await screen.press('q');
  expect(await screen.ended).toBe(0);
});

/** An `aws` that signs in as the real one does: it is found on the PATH, takes the terminal, and leaves credentials. */
function awsThat(script: string): NodeJS.ProcessEnv {
  const bin = join(home, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'aws'), `#!/bin/sh\necho "$@" > ${join(home, 'asked')}\n${script}\n`);
  chmodSync(join(bin, 'aws'), 0o755);
  return { ...environment, PATH: bin };
}

const SSO = `[default]
region = eu-west-1
sso_session = corp
sso_account_id = 123456789012
sso_role_name = OnCall
[sso-session corp]
sso_start_url = https://example.awsapps.com/start
sso_region = eu-west-1
[profile deploy]
region = eu-west-1
role_arn = arn:aws:iam::210987654321:role/Deployer
source_profile = default
mfa_serial = arn:aws:iam::123456789012:mfa/jane
[profile keys]
region = us-east-1
`;

test('without credentials the console opens on the profiles, each with what it needs', async () => {
  writeFileSync(join(home, 'config'), SSO);
  writeFileSync(
    join(home, 'credentials'),
    '[keys]\naws_access_key_id = AKIADEMOADMIN0000000\naws_secret_access_key = demo\n',
  );
  const screen = await openScreen({
    columns: 120,
    rows: 40,
    session: ({ profile }) => openSession({ environment, profile }),
    options: { profiles: () => listProfiles(environment) },
  });
  await screen.sees('AWS profiles 3');
  expect(screen.row('IAM Identity')).toMatch(/default +123456789012 +eu-west-1 +IAM Identity Center +aws sso login/);
  expect(screen.row('deploy')).toMatch(
    /210987654321 .* Deployer from default \(SSO\) +aws sso login, an MFA code, asked here/,
  );
  expect(screen.row('keys')).toMatch(/us-east-1 +keys in the file +nothing/);
  await screen.press('end', 's');
  await screen.sees('No command signs keys in');
  await screen.press('escape');
  await screen.sees('MWAA environments');
  expect(await screen.close()).toBe(0);
});

test('s lends the terminal to the command that signs in, and everything goes on', async () => {
  writeFileSync(join(home, 'config'), SSO);
  const region = await testRegion();
  const keys = '[default]\naws_access_key_id = AKIADEMOADMIN0000000\naws_secret_access_key = demo\nsso_session =\n';
  const env = awsThat(`printf '${keys.replaceAll('\n', '\\n')}' > ${join(home, 'credentials')}`);
  const screen = await openScreen({
    columns: 80,
    rows: 24,
    environment: env,
    session: ({ profile }) => openSession({ environment: env, profile, endpoint: region.url }),
    options: { profiles: () => listProfiles(env) },
  });
  await screen.sees('AWS profiles');
  await screen.selects('default');
  await screen.press('s');
  await screen.sees('default · 123456789012');
  expect(readFileSync(join(home, 'asked'), 'utf8').trim()).toBe('sso login --profile default');
  await screen.sees('data-prod');
  expect(await screen.close()).toBe(0);
  await region.close();
});

test('a command that is not installed, or fails, is told with what to try', async () => {
  writeFileSync(join(home, 'config'), SSO);
  const env = awsThat('exit 7');
  const options = { profiles: () => listProfiles(env) };
  const screen = await openScreen({
    columns: 120,
    rows: 40,
    environment: env,
    session: ({ profile }) => openSession({ environment: env, profile }),
    options,
  });
  await screen.sees('AWS profiles');
  await screen.run('login', '--no-browser');
  await screen.sees('aws sso login --profile default --no-browser ended with 7');
  rmSync(join(home, 'bin'), { recursive: true });
  await screen.press('s');
  await screen.sees('not installed here');
  expect(await screen.close()).toBe(0);
});

test('who signs in from another terminal need not tell: the console sees it by itself', async () => {
  const region = await testRegion();
  const clock = scaledClock(500);
  const screen = await openScreen({
    columns: 80,
    rows: 24,
    session: () => openSession({ environment, endpoint: region.url, clock }),
    options: { profiles: () => listProfiles(environment) },
  });
  await screen.sees('not signed in');
  writeFileSync(
    join(home, 'credentials'),
    '[default]\naws_access_key_id = AKIADEMOADMIN0000000\naws_secret_access_key = demo\n',
  );
  await screen.sees('default · 123456789012');
  await screen.sees('data-prod');
  expect(await screen.close()).toBe(0);
  await region.close();
});
