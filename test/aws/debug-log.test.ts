import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { debugLog } from '../../src/aws/debug-log.ts';
import { jsonError, rejection, sessionAt, startWire } from './wire.ts';

const folder = mkdtempSync(join(tmpdir(), 'mwaa-console-debug-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('every ended call is a line of JSON without secrets, in a file that its owner alone may read', async () => {
  const file = join(folder, 'debug.jsonl');
  writeFileSync(file, '');
  chmodSync(file, 0o644);
  const debug = debugLog(file);
  const wire = await startWire((_, index) =>
    index === 0 ? {} : jsonError('ResourceExistsException', 'there already'),
  );
  const session = await sessionAt(wire.url, { debug });
  await session.secretsManager.putSecretValue({ SecretId: 's', SecretString: 'hunter2' });
  await rejection(session.secretsManager.createSecret({ Name: 's\u001b[2J', SecretString: 'hunter2' }));
  debug.note('signed in', { region: 'eu-west-1' });
  debug.close();
  const text = readFileSync(file, 'utf8');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(text).not.toContain('hunter2');
  expect(text).not.toContain('\u001b');
  expect(
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([
    { type: 'call', service: 'secretsManager', operation: 'PutSecretValue', attempts: 1 },
    { type: 'call', operation: 'CreateSecret', error: 'ResourceExistsException' },
    { type: 'note', text: 'signed in', region: 'eu-west-1' },
  ]);
  await wire.close();
});

test('a file that cannot be written names itself', () => {
  const file = join(folder, 'no', 'such', 'folder.jsonl');
  expect(() => debugLog(file)).toThrow(expect.objectContaining({ kind: 'invalid-input', resource: file }));
});
