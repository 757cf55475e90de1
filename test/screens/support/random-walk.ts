import { testRegion } from '../../support/region.ts';
import { wrongOn } from './frame-rules.ts';
import { openDemo } from './scenario.ts';
import type { Screen } from './screen.ts';
import { writes } from './writes.ts';

/** A walk: so many actions of a seed over a region of its own. */
export interface Walk {
  readonly seed: number;
  readonly steps: number;
}

/** What a walk found wrong, each with the seed, the step and the screen. */
export type Findings = readonly string[];

const ESC = '\x1b';
const KEYS = [
  ...'jkgGnNO/:?!@[]adJyYoqxlcehwviIRSTUCPDLtpmfsx&012345678 '.split(''),
  ...['enter', 'escape', 'tab', 'shift+tab', 'up', 'down', 'left', 'right', 'home', 'end', 'pageup', 'pagedown'],
  ...['backspace', 'delete', 'ctrl+r', 'ctrl+f', 'ctrl+u', 'ctrl+w', 'ctrl+k', 'space'],
];
const TEXTS = [
  'data-prod',
  '!a',
  'status:ok',
  'a\nb\x1b[2Jc',
  '{"day":1}',
  'env data-prod',
  '\u202egnp',
  '日本語 👩‍👩‍👧',
];
const SIZES = [
  [80, 24],
  [120, 40],
  [200, 50],
  [60, 15],
  [59, 14],
] as const satisfies readonly (readonly [number, number])[];
const FAULTS = ['throttle', 'error', 'denied', 'garbage', 'cut', { kind: 'slow', ms: 20_000 }];
const SERVICES = ['airflow', 'ecs', 'logs', 's3', 'sts', 'iam', 'ec2', 'secretsmanager', 'openmetadata'];
/** Every so many steps Esc has to lead back to the dashboard. */
const HOME_EVERY = 100;

/**
 * Presses random keys, pastes, resizes and changes the focus, while the region refuses, fails and lingers. Every
 * question is answered no, whatever is pressed: so nothing may have been written in the end.
 */
export async function walk({ seed, steps }: Walk): Promise<Findings> {
  const next = random(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(next() * items.length)] as Item;
  const region = await testRegion(60, seed);
  const findings: string[] = [];
  let screen = await open();
  const find = (step: number, what: string) => findings.push(`seed ${seed}, step ${step}: ${what}\n${screen.framed()}`);
  try {
    for (let step = 1; step <= steps && findings.length === 0; step += 1) {
      const chance = next();
      if (chance < 0.85) await screen.press(pick(KEYS));
      else if (chance < 0.9) await screen.paste(pick(TEXTS));
      else if (chance < 0.94) {
        const [columns, rows] = pick(SIZES);
        await screen.resize(columns, rows);
      } else if (chance < 0.97) screen.send(pick([`${ESC}[I`, `${ESC}[O`]));
      else await region.fault({ service: pick(SERVICES), fault: pick(FAULTS), nth: 1 + Math.floor(next() * 3) });
      const code = await ended(screen);
      if (code !== undefined) {
        // Left by its own key or command: the only end there may be.
        if (code !== 0) find(step, `it ended with ${code}`);
        screen = await open();
      }
      for (const wrong of wrongOn(screen)) find(step, wrong);
      if (step % HOME_EVERY === 0 && !(await goHome(screen))) find(step, 'Esc does not lead back to the dashboard');
    }
    const written = await writes(region.url);
    if (written.length > 0) find(steps, `written without a yes: ${written.join(', ')}`);
    await screen.close();
  } finally {
    await region.close();
  }
  return findings;

  async function open(): Promise<Screen> {
    const opened = await openDemo(region, { columns: 80, rows: 24 });
    const { dialogs } = opened.console;
    const { confirm, name } = dialogs;
    dialogs.confirm = async (dialog) => {
      await confirm(dialog);
      return false;
    };
    dialogs.name = async (dialog) => {
      await name(dialog);
      return false;
    };
    // Neither the test's own terminal nor its process is to be stopped or lent.
    opened.console.suspend = async () => {};
    return opened;
  }
}

async function ended(screen: Screen): Promise<number | undefined> {
  return Promise.race([screen.ended, new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined)))]);
}

async function goHome(screen: Screen): Promise<boolean> {
  await screen.resize(80, 24);
  const { router, dialogs } = screen.console;
  const isHome = () => router.getState().position === 0 && dialogs.getState().open.length === 0;
  // A dialog may be left in two steps, a filter and marks take one each.
  for (let times = 0; times < 600 && !isHome(); times += 1) await screen.press('escape');
  return isHome() && router.place().route.kind === 'dashboard';
}

/** Numbers as a seed makes them, 0 to 1 (a linear congruential generator). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
