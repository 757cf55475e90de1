import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { Printer } from '../../src/cli/print.ts';

/** A printer whose reader takes nothing until `read` is called. */
function slowly() {
  const out = new PassThrough({ highWaterMark: 64, encoding: 'utf8' });
  return { print: new Printer(out, new PassThrough(), false), read: () => String(out.read() ?? ''), out };
}

test('lines of JSON are one a value, each lossless and safe on a terminal', async () => {
  const values = [{ message: 'plain' }, { message: '\u202e\x9b31m\u2028\n"' }, { message: 'x'.repeat(100_000) }];
  const { print, out } = slowly();
  let text = '';
  out.on('data', (piece: string) => {
    text += piece;
  });
  print.jsonLines(values);
  out.end();
  await once(out, 'end');
  const lines = text.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(values);
  expect(lines[1]).toMatch(/^[\x20-\x7e]+$/);
});

test('who prints much waits for a slow reader, but not beyond an interrupt', async () => {
  const { print, read } = slowly();
  const never = new AbortController();
  await print.drained(never.signal);
  print.line('x'.repeat(200));
  let drained = false;
  const waiting = print.drained(never.signal).then(() => {
    drained = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(drained).toBe(false);
  read();
  await waiting;
  print.line('x'.repeat(200));
  const interrupted = print.drained(never.signal);
  never.abort();
  await interrupted;
});
