import { describe, expect, test } from 'vitest';
import { type ClipboardOptions, copyText } from '../../../src/console/terminal/clipboard.ts';
import { link, safeLink } from '../../../src/console/terminal/links.ts';

function setting(options: Partial<ClipboardOptions> & { isTTY?: boolean } = {}) {
  const written: string[] = [];
  const ran: string[] = [];
  const all: ClipboardOptions = {
    stdout: { isTTY: options.isTTY ?? true, write: (text) => written.push(text) },
    environment: options.environment ?? {},
    platform: options.platform ?? 'linux',
    run:
      options.run ??
      (async (command, args, input) => {
        ran.push([command, ...args, input].join(' '));
        return 0;
      }),
  };
  return { all, written, ran };
}
const osc = (text: string) => `\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`;

describe('copyText', () => {
  test('over SSH only the terminal is asked, and no success is claimed', async () => {
    const { all, written, ran } = setting({ environment: { SSH_TTY: '/dev/pts/1', DISPLAY: ':10' } });
    const report = await copyText('arn:aws:ecs', all);
    expect(report).toEqual({ ok: true, message: expect.stringContaining('does not say') });
    expect(written).toEqual([osc('arn:aws:ecs')]);
    expect(ran).toEqual([]);
  });

  test.each([
    ['darwin', {}, 'pbcopy text'],
    ['win32', {}, 'clip.exe text'],
    ['linux', { WSL_DISTRO_NAME: 'Debian' }, 'clip.exe text'],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0', DISPLAY: ':0' }, 'wl-copy text'],
    ['linux', { DISPLAY: ':0' }, 'xclip -selection clipboard text'],
  ] as const)('on %s with %j the native tool is used and named', async (platform, environment, command) => {
    const { all, ran } = setting({ platform, environment });
    const report = await copyText('text', all);
    expect(ran).toEqual([command]);
    expect(report.message).toBe(`Copied with ${command.split(' ')[0]}, and sent to the terminal (OSC 52)`);
  });

  test('a tool that fails is never reported as a copy', async () => {
    const failing = setting({ platform: 'darwin', isTTY: false, run: async () => 1 });
    expect(await copyText('x', failing.all)).toEqual({
      ok: false,
      message: 'Not copied: there is no terminal, and pbcopy ended with 1',
    });
    const missing = setting({ platform: 'darwin', run: () => Promise.reject(new Error('spawn pbcopy ENOENT')) });
    expect((await copyText('x', missing.all)).message).toContain('does not say');
  });

  test('a tool that is not there is found out for real', async () => {
    const { all } = setting({ platform: 'darwin', environment: {}, isTTY: false });
    const { run: _, ...real } = all;
    const report = await copyText('x', real);
    expect(report).toEqual({ ok: false, message: expect.stringContaining('pbcopy could not be run') });
  });

  test('tmux is asked both ways, screen in chunks', async () => {
    const tmux = setting({ environment: { TMUX: '/tmp/tmux' } });
    await copyText('id', tmux.all);
    expect(tmux.written[0]).toBe(`${osc('id')}\x1bPtmux;\x1b${osc('id')}\x1b\\`);
    const screen = setting({ environment: { STY: '1.pts' } });
    await copyText('a'.repeat(1500), screen.all);
    const chunks = (screen.written[0] ?? '').split('\x1b\\').slice(0, -1);
    expect(chunks.length).toBeGreaterThan(2);
    expect(chunks.map((chunk) => chunk.replace('\x1bP', '')).join('')).toBe(osc('a'.repeat(1500)));
  });

  test('what is too long is said, and a text can not act where it is pasted', async () => {
    const long = setting();
    expect(await copyText('a'.repeat(80_000), long.all)).toEqual({
      ok: false,
      message: expect.stringContaining('too long'),
    });
    expect(long.written).toEqual([]);
    expect((await copyText('a'.repeat(1_000_001), long.all)).ok).toBe(false);
    expect((await copyText('\n', long.all)).ok).toBe(false);
    const hostile = setting();
    await copyText('one\x1b[201~\r\ntwo\n', hostile.all);
    expect(hostile.written).toEqual([osc('one␛\ntwo')]);
  });
});

describe('links', () => {
  test('only https addresses are opened', () => {
    expect(safeLink('https://example.com/a?b=c')).toBe('https://example.com/a?b=c');
    for (const bad of [
      'http://a.b',
      'javascript:alert(1)',
      'file:///etc/passwd',
      'https://u:p@a.b',
      'x',
      `https://a.b/${'x'.repeat(2048)}`,
    ]) {
      expect(safeLink(bad)).toBeUndefined();
    }
    expect(link('open', 'https://a.b/\x07\x1b]0;x')).not.toContain('\x1b]0;');
    expect(link('open', 'http://a.b')).toBe('open');
    expect(link('open', 'https://a.b/')).toBe('\x1b]8;;https://a.b/\x07open\x1b]8;;\x07');
  });
});
