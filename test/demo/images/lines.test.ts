import { describe, expect, it } from 'vitest';
import { LineCutter } from '../../../src/demo/images/lines.ts';

/** The events of output that comes in pieces of a size. */
function events(output: Buffer, size = output.length): string[] {
  const cutter = new LineCutter();
  const found: string[] = [];
  for (let at = 0; at < output.length; at += size) found.push(...cutter.push(output.subarray(at, at + size)));
  return [...found, ...cutter.end()];
}

describe('the awslogs driver', () => {
  it('makes an event of each line, the last one without its end too, and none of an empty one', () => {
    expect(events(Buffer.from('one\n\ntwo\nthree'))).toEqual(['one', 'two', 'three']);
    expect(events(Buffer.from('one\r\n'))).toEqual(['one\r']);
    expect(events(Buffer.alloc(0))).toEqual([]);
  });

  it('does not care how the output is cut into pieces, be it within a character', () => {
    const output = Buffer.from('grüße\n日本語 \u{1f600}\nend');
    for (let size = 1; size <= output.length; size++)
      expect(events(output, size)).toEqual(['grüße', '日本語 \u{1f600}', 'end']);
  });

  it('replaces what is not UTF-8', () => {
    expect(events(Buffer.from([0x61, 0xff, 0x62, 0x0a, 0xc3]))).toEqual(['a\ufffdb', '\ufffd']);
  });

  it.each([1, 1000, 65_536, 10_000_000])('cuts lines of more than 256 KiB (pieces of %i)', (size) => {
    const limit = 256 * 1024;
    if (size === 1) {
      expect(events(Buffer.from(`${'x'.repeat(limit)}\ny`), 7_919).map((event) => event.length)).toEqual([limit, 1]);
      return;
    }
    const output = Buffer.from(`${'x'.repeat(limit * 2 + 5)}\nshort\n`);
    expect(events(output, size).map((event) => event.length)).toEqual([limit, limit, 5, 5]);
  });
});
