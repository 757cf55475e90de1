import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { type DemoRegion, demoRegion } from '../support/demo-region.ts';
import { PseudoTerminal, type TerminalOptions } from '../support/pseudo-terminal.ts';

let region: DemoRegion;
const opened: PseudoTerminal[] = [];

beforeAll(async () => {
  region = await demoRegion(inject('program'));
});

afterAll(() => region?.close());

afterEach(() => {
  for (const terminal of opened.splice(0)) terminal.dispose();
});

function run(command: string, options?: TerminalOptions): PseudoTerminal {
  const terminal = new PseudoTerminal(inject('program'), command, options);
  opened.push(terminal);
  return terminal;
}

/** The console on a region that runs already, with its rows. */
async function openConsole({ env = {}, ...size }: TerminalOptions = {}): Promise<PseudoTerminal> {
  const terminal = run('exec "$0" "$1"', { ...size, env: { ...region.env, ...env } });
  await terminal.sees('data-prod');
  return terminal;
}

/** Which row shows the text, from 1; 0 when none does. */
function rowOf(terminal: PseudoTerminal, text: RegExp): number {
  return terminal.text.split('\n').findIndex((row) => text.test(row)) + 1;
}

describe('opening', () => {
  test('shows the frame, then the estate; q at the first screen ends it', async () => {
    const console = run('exec "$0" "$1" --demo');
    await console.sees(/Dashboard/);
    await console.sees(/MWAA environments/i);
    await console.sees(/ECS clusters/i);
    for (const name of ['analytics', 'data-prod', 'legacy', 'sandbox', 'platform', 'batch']) await console.sees(name);
    console.type('?');
    await console.sees('This screen');
    console.type('\u001b');
    await console.sees('data-prod');
    console.type('q');
    expect(await console.ended()).toBe(0);
    await console.isRestored();
  });

  test('other screens are there, though they are loaded later', async () => {
    const console = await openConsole();
    console.type('j\r');
    await console.sees(/Dashboard › data-prod/);
    await console.sees(/Airflow/);
    console.type('q');
    await console.sees(/Dashboard *$/m);
    console.type('q');
    expect(await console.ended()).toBe(0);
    await console.isRestored();
  });

  test('CI=true changes nothing on a terminal', async () => {
    const console = await openConsole({ env: { CI: 'true' } });
    console.type('q');
    expect(await console.ended()).toBe(0);
    await console.isRestored();
  });
});

test('follows the size of the terminal', async () => {
  const console = await openConsole();
  const footer = /:.*command/;
  expect(rowOf(console, footer)).toBe(30);
  for (const [columns, rows] of [
    [80, 24],
    [140, 45],
  ] as const) {
    console.resize(columns, rows);
    await expect.poll(() => rowOf(console, footer), { timeout: 45_000 }).toBe(rows);
  }
  console.resize(50, 10);
  await console.sees('Too small');
  console.resize(100, 30);
  await expect.poll(() => rowOf(console, footer), { timeout: 45_000 }).toBe(30);
  await console.sees('data-prod');
  console.type('q');
  expect(await console.ended()).toBe(0);
  await console.isRestored();
});

describe('ending', () => {
  test('Ctrl-C asks for a second one, which ends it', async () => {
    const console = await openConsole();
    console.type('\u0003');
    await console.sees('Ctrl-C again quits');
    // Both at once, however slow the machine: the first may have been forgotten by now.
    console.type('\u0003\u0003');
    expect(await console.ended()).toBe(0);
    await console.isRestored();
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
  ] as const)('%s ends it with %i', async (signal, code) => {
    const console = await openConsole();
    console.signal(signal);
    expect(await console.ended()).toBe(code);
    await console.isRestored();
  });

  test('a signal before the first rows too', async () => {
    const console = run('exec "$0" "$1" --demo');
    await console.sees('Dashboard');
    console.signal('SIGTERM');
    expect(await console.ended()).toBe(143);
    await console.isRestored();
  });

  test('a lost terminal ends it, as SIGHUP does', async () => {
    const console = await openConsole();
    console.lose();
    expect(await console.ended()).toBe(129);
  });

  test('an error that nobody expected: the terminal is back, then message, stack and where to report', async () => {
    const throwing = 'process.on("SIGUSR2", () => { throw new Error("a bug of the test"); });';
    const module = `data:text/javascript;base64,${Buffer.from(throwing).toString('base64')}`;
    const console = await openConsole({ env: { NODE_OPTIONS: `--import=${module}` } });
    console.signal('SIGUSR2');
    expect(await console.ended()).toBe(1);
    await console.isRestored();
    expect(console.text).toMatch(/Error: a bug of the test\n +at /);
    expect(console.text).toMatch(/Please report it with the lines above: https:/);
  });
});

describe('where no console can be shown', () => {
  test('TERM=dumb: says so and what works, exit 2', async () => {
    const console = run('exec "$0" "$1" --demo', { env: { TERM: 'dumb' } });
    expect(await console.ended()).toBe(2);
    await console.isRestored();
    expect(console.text).toMatch(/TERM=dumb/);
    expect(console.text).toMatch(/mwaa-console dashboard/);
    expect(console.raw).not.toContain('\u001b');
  });

  test('TERM=dumb with screenReader in the settings: plain lines, as with the option', async () => {
    const settings =
      'mkdir -p "$HOME/.config/mwaa-console"; echo "screenReader: true" > "$HOME/.config/mwaa-console/config.yaml"';
    const console = run(`${settings}; exec "$0" "$1"`, { env: { ...region.env, TERM: 'dumb' } });
    await console.sees(/^sandbox available/m);
    console.type('q');
    expect(await console.ended()).toBe(0);
    expect(console.raw).not.toContain('\u001b');
  });

  test('no terminal on standard input: the dashboard as text', async () => {
    const console = run('exec "$0" "$1" < /dev/null', { columns: 160, env: region.env });
    expect(await console.ended()).toBe(0);
    await console.isRestored();
    expect(console.text).toMatch(/data-prod/);
    expect(console.raw).not.toContain('\u001b[?');
  });
});
