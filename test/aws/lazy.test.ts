import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { openSession } from '../../src/aws/open.ts';
import '../../src/aws/session.ts';
import { KEYS, rejection } from './wire.ts';

/** The packages of the SDK that this process has loaded. */
function loaded(): string[] {
  const packages = Object.keys(createRequire(import.meta.url).cache).flatMap(
    (path) => /node_modules\/(@aws-sdk\/[^/]+)/.exec(path)?.slice(1) ?? [],
  );
  return [...new Set(packages)].sort();
}

test('opening a session loads nothing of the SDK, the first call its own client alone', async () => {
  const session = await openSession({ region: 'eu-west-1', endpoint: 'http://127.0.0.1:1', credentials: KEYS });
  const other = await openSession({ environment: { AWS_REGION: 'eu-west-1', HOME: '/nonexistent' } });
  session.subscribe(() => {});
  expect(session.throttles()).toEqual([]);
  expect(loaded()).toEqual([]);
  await rejection(session.ecs.listClusters({}));
  expect(loaded()).toContain('@aws-sdk/client-ecs');
  expect(loaded().filter((name) => name.startsWith('@aws-sdk/client-'))).toEqual(['@aws-sdk/client-ecs']);
  expect(loaded()).not.toContain('@aws-sdk/credential-providers');
  session.close();
  other.close();
});
