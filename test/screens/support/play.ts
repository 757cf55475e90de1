import { readdirSync } from 'node:fs';
import { vi } from 'vitest';
import { listProfiles } from '../../../src/aws/profiles.ts';
import type { Route } from '../../../src/console/routes.ts';
import type { RunningRegion } from '../../../src/demo/region.ts';
import { type Home, makeHome } from '../../aws/home.ts';
import type { HandClock } from '../../support/hand-clock.ts';
import { openScreen, type ScreenOptions } from './screen.ts';
import { stillRegion } from './still-region.ts';
import { User } from './user.ts';

const ACCESS_KEYS = {
  admin: 'AKIADEMOADMIN0000000',
  reader: 'AKIADEMOREADONLY0000',
  operator: 'AKIADEMOOPERATOR0000',
  nobody: 'AKIADEMONOACCESS0000',
} as const;

/** One thing that the console has to show, told as what a user does and sees: a file of test/screens/scenarios. */
export interface Scenario {
  /** What it shows, as a sentence without its full stop. */
  readonly shows: string;
  /** The screen that it begins on; the dashboard when absent. */
  readonly at?: Route;
  /** Requests that fail, as docs/DEMO.md has them; every one of them unless `times` is given. */
  readonly faults?: readonly Readonly<Record<string, unknown>>[];
  /** Whose credentials; those that may do everything when absent. */
  readonly as?: keyof typeof ACCESS_KEYS;
  /**
   * The user's `~/.aws/config`, whose profile `on-call` is signed in with at the region unless `options` choose another;
   * then nobody's keys are given.
   */
  readonly config?: string;
  readonly options?: ScreenOptions['options'];
  /** Prepares the region, what is in it and what is wrong with it, and the user's home where there is a `config`. */
  readonly given?: (region: RunningRegion, clock: HandClock, home: Home | undefined) => void | Promise<void>;
  readonly play: (user: User) => Promise<void>;
}

/** How a terminal shows it: with colours and lines, or without both. */
export type Mode = 'colour' | 'plain';

const TERMINALS: Readonly<Record<Mode, NodeJS.ProcessEnv>> = {
  colour: { TERM: 'xterm-256color', LANG: 'C.UTF-8' },
  plain: { TERM: 'xterm', LANG: 'C', NO_COLOR: '1' },
};

/** Plays a scenario over a region of its own whose time stands still, and tells the screens and dialogs looked at. */
export async function play(scenario: Scenario, mode: Mode): Promise<ReadonlySet<string>> {
  const { as = 'admin', options = {}, at, config } = scenario;
  const { region, clock, console: opened } = await stillRegion();
  const home = config === undefined ? undefined : makeHome();
  home?.configure(config ?? '');
  if (home !== undefined) vi.stubEnv('AWS_ENDPOINT_URL_STS', region.url);
  const credentials = home === undefined ? { accessKeyId: ACCESS_KEYS[as], secretAccessKey: 'demo' } : undefined;
  const choice = home === undefined ? undefined : (options.choice ?? { profile: 'on-call' });
  const usual = opened({ credentials, profile: choice?.profile, readOnly: options.readOnly ?? false });
  try {
    for (const fault of scenario.faults ?? []) await plan(region, { times: 0, ...fault });
    await scenario.given?.(region, clock, home);
    const screen = await openScreen({
      columns: 80,
      rows: 24,
      // By SSH nothing of this machine is asked: no clipboard, no browser.
      environment: { ...TERMINALS[mode], SSH_TTY: '/dev/pts/1' },
      ...usual,
      options: {
        ...usual.options,
        ...(choice === undefined ? {} : { profiles: () => listProfiles(), choice }),
        // No word fades before it was looked at.
        flashesFor: 3_600_000,
        ...options,
      },
    });
    const user = new User(screen, { region, clock, home, plain: mode === 'plain' });
    try {
      if (at !== undefined) screen.console.router.push(at);
      await scenario.play(user);
      await user.goesHome();
    } catch (error) {
      throw toldWith(error, user);
    } finally {
      await screen.close();
    }
    return user.looked;
  } finally {
    vi.unstubAllEnvs();
    home?.remove();
    await region.close();
  }
}

/** Asks a region for a fault. */
export async function plan(region: RunningRegion, fault: Readonly<Record<string, unknown>>): Promise<void> {
  const set = await fetch(`${region.url}/_demo/faults`, { method: 'POST', body: JSON.stringify(fault) });
  if (!set.ok) throw new Error(`The fault was refused: ${await set.text()}`);
}

/** Calls all faults of a region off. */
export async function callOff(region: RunningRegion): Promise<void> {
  await fetch(`${region.url}/_demo/faults`, { method: 'DELETE' });
}

/** A failure with what had been done, and the screen where it does not tell it yet. */
function toldWith(error: unknown, { trail, screen }: User): unknown {
  if (!(error instanceof Error)) return error;
  const framed = error.message.includes('┌') ? '' : `\n${screen.framed()}`;
  error.message = `${error.message}${framed}\nafter:\n${trail.map((step) => `  ${step}`).join('\n')}`;
  return error;
}

const FOLDER = new URL('../scenarios/', import.meta.url);

/** All scenarios, with the names of their files and what they show. */
export async function scenarios(): Promise<readonly (readonly [name: string, shows: string, scenario: Scenario])[]> {
  const names = readdirSync(FOLDER).map((file) => file.replace(/\.ts$/, ''));
  return Promise.all(
    names.map(async (name) => {
      const { scenario } = (await import(`../scenarios/${name}.ts`)) as { readonly scenario: Scenario };
      return [name, scenario.shows, scenario] as const;
    }),
  );
}
