import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { openSession, type SessionOptions } from '../../src/aws/open.ts';
import { makeHome } from './home.ts';
import { rejection } from './wire.ts';

const home = makeHome();

afterEach(() => vi.unstubAllEnvs());
afterAll(() => home.remove());

/** Why a call with the profile of that process is refused. */
async function refusal(options: SessionOptions = {}) {
  const session = await openSession({ region: 'eu-west-1', profile: 'tool', ...options });
  try {
    return await rejection(session.ecs.listClusters({}));
  } finally {
    session.close();
  }
}

test('a credential process that hangs ends in time', async () => {
  home.configure(
    `[profile tool]\ncredential_process = ${process.execPath} -e "process.stdin.resume();setTimeout(()=>{},3000)"\n`,
  );
  expect(await refusal({ timeouts: { credentials: 100 } })).toMatchObject({
    kind: 'unreachable',
    message: 'No credentials after 0.1 s.',
  });
});

test('a credential process that fails says what it said', async () => {
  home.configure('[profile tool]\ncredential_process = echo no-such-vault >&2; exit 3\n');
  expect(await refusal()).toMatchObject({
    kind: 'not-signed-in',
    message: expect.stringContaining('no-such-vault'),
    advice: 'Run the credential_process of profile tool by hand to see what it says.',
  });
});
