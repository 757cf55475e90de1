import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TerminalInput } from '../../../src/console/terminal/input.ts';

class FakeTerminal extends EventEmitter {
  readonly isTTY = true;
  raw = false;
  flowing = false;
  setRawMode(raw: boolean) {
    this.raw = raw;
  }
  resume() {
    this.flowing = true;
  }
  pause() {
    this.flowing = false;
  }
  send(text: string) {
    this.emit('data', Buffer.from(text));
  }
}

function open() {
  const terminal = new FakeTerminal();
  const focus: boolean[] = [];
  const input = new TerminalInput(terminal, (focused) => focus.push(focused));
  const read: string[] = [];
  input.on('readable', () => {
    for (let key = input.read(); key !== null; key = input.read()) read.push(key);
  });
  return { terminal, input, read, focus };
}

describe('TerminalInput', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('gives one key at a time, and microtasks run between two', async () => {
    const { terminal, input, read } = open();
    input.setRawMode(true);
    const seen: string[] = [];
    input.on('readable', () => queueMicrotask(() => seen.push(`painted ${read.length}`)));
    terminal.send('jk\x1b[B');
    await vi.waitFor(() => expect(read).toEqual(['j', 'k', '\x1b[B']));
    expect(seen).toEqual(['painted 1', 'painted 2', 'painted 3']);
  });

  test('holds the terminal only while it is in raw mode', async () => {
    const { terminal, input, read } = open();
    expect(terminal.flowing).toBe(false);
    input.setRawMode(true);
    expect([terminal.raw, terminal.flowing, terminal.listenerCount('data')]).toEqual([true, true, 1]);
    terminal.send('\x1b[20');
    input.setRawMode(false);
    expect([terminal.raw, terminal.flowing, terminal.listenerCount('data')]).toEqual([false, false, 0]);
    input.setRawMode(true);
    terminal.send('j');
    await vi.waitFor(() => expect(read).toEqual(['j']));
  });

  test('waits 25 ms for what follows an escape, and sends Escape in a form of its own', async () => {
    const { terminal, input, read } = open();
    input.setRawMode(true);
    terminal.send('\x1b');
    vi.advanceTimersByTime(24);
    expect(read).toEqual([]);
    terminal.send('[A');
    expect(read).toEqual(['\x1b[A']);
    terminal.send('\x1b');
    vi.advanceTimersByTime(25);
    await vi.waitFor(() => expect(read).toEqual(['\x1b[A', '\x1b[27u']));
  });

  test('closes an unfinished paste after a second of silence', async () => {
    const { terminal, input, read } = open();
    input.setRawMode(true);
    terminal.send('\x1b[200~one ');
    vi.advanceTimersByTime(999);
    terminal.send('two');
    vi.advanceTimersByTime(999);
    expect(read).toEqual([]);
    vi.advanceTimersByTime(1);
    terminal.send('q');
    await vi.waitFor(() => expect(read).toEqual(['\x1b[200~one two\x1b[201~', 'q']));
  });

  test('reports focus, drops answers, joins letters cut between chunks', async () => {
    const { terminal, input, read, focus } = open();
    input.setRawMode(true);
    terminal.send('\x1b[O\x1b[I\x1b]11;rgb:0/0/0\x07\x1b[1;1R');
    const letter = Buffer.from('漢');
    terminal.emit('data', letter.subarray(0, 1));
    terminal.emit('data', letter.subarray(1));
    await vi.waitFor(() => expect(read).toEqual(['漢']));
    expect(focus).toEqual([false, true]);
  });
});
