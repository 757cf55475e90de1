import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Console } from '../../src/console/console.ts';
import { startConsole } from '../../src/console/index.tsx';
import { views } from '../../src/console/views/index.ts';
import { type TestRegion, testRegion } from '../support/region.ts';
import { FakeStdin, FakeStdout } from './support/fake-terminal.ts';

let region: TestRegion;
beforeAll(async () => {
  region = await testRegion();
});
afterAll(() => region.close());

test('a screen reader gets plain lines: what is new, and nothing twice', async () => {
  const stdin = new FakeStdin();
  const stdout = new FakeStdout({ columns: 80, rows: 24 });
  let console: Console | undefined;
  const ended = startConsole({
    session: () => region.open(),
    views,
    environment: { TERM: 'xterm-256color', LANG: 'C.UTF-8' },
    stdin,
    stdout: stdout as unknown as NodeJS.WriteStream,
    screenReader: true,
    onStart: (started) => {
      console = started;
    },
  });
  const told = () => stdout.sent.join('');
  const hears = (text: string | RegExp) =>
    expect.poll(told, { timeout: 30_000, interval: 20 }).toMatch(typeof text === 'string' ? new RegExp(text) : text);
  await hears(/^MWAA environments 4$/m);
  await hears(/^> analytics updating/m);
  await hears(/^sandbox available/m);
  stdout.sent.length = 0;
  stdin.emit('data', Buffer.from('j'));
  await hears(/^> data-prod available/m);
  expect(told()).not.toMatch(/^analytics/m);
  stdin.emit('data', Buffer.from('\r'));
  await hears(/^Dashboard › data-prod › overview$/m);
  // Nothing of a painted screen: no sequence, no border.
  expect(told()).not.toMatch(/[^\P{Cc}\n]|[│─┌┐└┘]/u);
  console?.exit();
  expect(await ended).toBe(0);
});
