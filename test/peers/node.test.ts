import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { product } from './product.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { version: string };
const ENVIRONMENTS = ['analytics', 'data-prod', 'legacy', 'sandbox'];

// The binaries come as packages of npm, one for each platform.
const binary = (major: number) =>
  `${root}.peers/node${major}/node_modules/node-${process.platform}-${process.arch}/bin/node`;

describe.each([22, 24])('on Node %i', (major) => {
  const node = binary(major);

  test('is that Node, and says its own version', async () => {
    const { stdout } = await product(['doctor', '--demo'], { node });
    expect(stdout).toContain(`${major}.`);
    expect(await product(['--version'], { node })).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  test('the tour goes through the whole job', async () => {
    const { code, stdout, stderr } = await product(['tour'], { node });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.match(/^\d {2}The .*/gm)).toHaveLength(6);
    expect(stdout).toMatch(/^Succeeded: exit code 0$/m);
  });

  test('the dashboard as data', async () => {
    const { code, stdout, stderr } = await product(['dashboard', '--demo', '-o', 'json'], { node });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { environments, clusters, errors } = JSON.parse(stdout) as Record<string, { name: string }[]>;
    expect(environments?.map(({ name }) => name)).toEqual(ENVIRONMENTS);
    expect([clusters?.length, errors]).toEqual([3, []]);
  });

  test('the console opens on a terminal and closes', async () => {
    const terminal = spawn(node, [inject('program'), '--demo'], {
      cols: 120,
      rows: 40,
      env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', TERM: 'xterm-256color' },
    });
    let open = true;
    const ended = new Promise<number>((resolve) =>
      terminal.onExit(({ exitCode }) => {
        open = false;
        resolve(exitCode);
      }),
    );
    let shown = '';
    const complete = new Promise<void>((resolve, reject) => {
      terminal.onData((text) => {
        shown += text;
        if (ENVIRONMENTS.every((name) => shown.includes(name))) resolve();
      });
      ended.then((code) => reject(new Error(`It ended with ${code}: ${shown}`)));
    });
    onTestFinished(() => {
      if (open) terminal.kill('SIGKILL');
    });
    await complete;
    terminal.write('q');
    expect(await ended).toBe(0);
    // Back from the alternate screen.
    expect(shown.lastIndexOf('\u001b[?1049l')).toBeGreaterThan(shown.lastIndexOf('\u001b[?1049h'));
  });
});
