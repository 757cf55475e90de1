import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSession } from '../../src/aws/open.ts';
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
  const screen = await openScreen({ columns: 80, rows: 24, session: () => openSession({ environment }) });
  await screen.sees('not signed in');
  await screen.sees(/aws (sso login|configure|login)/);
  await screen.press('ctrl+r', '!');
  await screen.sees('What went wrong');
  await screen.press('escape', 'q');
  expect(await screen.ended).toBe(0);
});

test('an SSO session that has ended names the profile and the command that signs in', async () => {
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
    options: { choice: { profile: 'nobody' }, profiles: async () => ['on-call'] },
  });
  await screen.sees('nobody · not signed in');
  await screen.sees(/no profile|profile nobody/i);
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
        credentials: { accessKeyId: 'AKIADEMOADMIN0000000', secretAccessKey: 'demo' },
      }),
  });
  await screen.sees('127.0.0.1:9');
  await screen.sees(/not reach|unreachable|refused/i);
  await screen.press('q');
  expect(await screen.ended).toBe(0);
});
