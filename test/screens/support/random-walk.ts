import { commandsOf, currentView } from '../../../src/console/commands.ts';
import { wrongOn } from './frame-rules.ts';
import { makeHostile } from './hostile.ts';
import { plan } from './play.ts';
import { openScreen, type Screen } from './screen.ts';
import { stillRegion } from './still-region.ts';
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
/** Where the palette leads: keys alone seldom find as deep. */
const PLACES = [
  ...['env data-prod', 'env analytics', 'env legacy', 'env sandbox', 'env nowhere', 'cluster nowhere', 'dashboard'],
  ...['cluster platform', 'cluster openmetadata-ingestion', 'tail /ecs/openmetadata-ingestion', 'tail nothing'],
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
/** How much time passes with a step, ms. */
const PASSES = [0, 0, 100, 1_000, 5_000, 60_000];
/** Every so many steps Esc has to lead back to the dashboard. */
const HOME_EVERY = 100;
/** Every so many steps it is asked what was written. */
const WRITES_EVERY = 5;
/** A write may still be on its way so many steps after its question was answered, or its work ended. */
const AFTERWARDS = 10;

/**
 * Presses random keys, pastes, resizes and changes the focus, while the region holds hostile text, refuses, fails and
 * lingers. A walk of an even seed may say yes: a write then has to come after a question that it was said to. In the
 * others every question is answered no, whatever is pressed: nothing may be written at all.
 */
export async function walk({ seed, steps }: Walk): Promise<Findings> {
  const next = random(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(next() * items.length)] as Item;
  const { region, clock, console: options } = await stillRegion({ seed, throttling: true });
  makeHostile(region);
  const saysYes = seed % 2 === 0;
  const findings: string[] = [];
  let said = false;
  /** The step at which something that was said yes to was last under way. */
  let agreedAt = Number.NEGATIVE_INFINITY;
  let screen = await open();
  const find = (step: number, what: string) => findings.push(`seed ${seed}, step ${step}: ${what}\n${screen.framed()}`);
  try {
    for (let step = 1; step <= steps && findings.length === 0; step += 1) {
      await act();
      if (said || screen.console.jobs.getState().running.length > 0) agreedAt = step;
      said = false;
      const code = await ended(screen);
      if (code !== undefined) {
        // Left by its own key or command: the only end there may be.
        if (code !== 0) find(step, `it ended with ${code}`);
        screen = await open();
      }
      for (const wrong of wrongOn(screen)) find(step, wrong);
      if (step % WRITES_EVERY === 0 || step === steps) {
        const written = await takeWrites(region.url);
        if (written.length > 0 && step - agreedAt > AFTERWARDS) {
          find(step, `written without a yes: ${written.join(', ')}`);
        }
      }
      if (step % HOME_EVERY === 0 && !(await goHome(screen))) find(step, 'Esc does not lead back to the dashboard');
    }
    await screen.close();
  } finally {
    await region.close();
  }
  return findings;

  async function act(): Promise<void> {
    const dialog = screen.console.dialogs.getState().open.at(-1)?.dialog;
    const chance = next();
    if (saysYes && dialog?.kind === 'confirm' && chance < 0.5) await screen.press('y');
    else if (saysYes && dialog?.kind === 'name' && chance < 0.5) {
      await screen.type(dialog.expected);
      await screen.press('enter');
    } else if (dialog === undefined && chance < 0.04) await screen.run(pick(PLACES));
    else if (dialog === undefined && chance < 0.12) await screen.press(pick(keysOfWrites(screen)));
    else if (chance < 0.85) await screen.press(pick(KEYS));
    else if (chance < 0.9) await screen.paste(pick(TEXTS));
    else if (chance < 0.94) {
      const [columns, rows] = pick(SIZES);
      await screen.resize(columns, rows);
    } else if (chance < 0.97) screen.send(pick([`${ESC}[I`, `${ESC}[O`]));
    else await plan(region, { service: pick(SERVICES), fault: pick(FAULTS), nth: 1 + Math.floor(next() * 3) });
    clock.move(pick(PASSES));
  }

  async function open(): Promise<Screen> {
    const opened = await openScreen({ columns: 80, rows: 24, ...options() });
    const { dialogs } = opened.console;
    const { confirm, name } = dialogs;
    const heard = (answer: boolean) => {
      said ||= answer && saysYes;
      return answer && saysYes;
    };
    dialogs.confirm = async (dialog) => heard(await confirm(dialog));
    dialogs.name = async (dialog) => heard(await name(dialog));
    // Neither the test's own terminal nor its process is to be stopped or lent.
    opened.console.suspend = async () => {};
    return opened;
  }
}

async function ended(screen: Screen): Promise<number | undefined> {
  return Promise.race([screen.ended, new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined)))]);
}

/** The keys of the writes that the screen offers; one that does nothing where it has none. */
function keysOfWrites({ console }: Screen): readonly string[] {
  const keys = commandsOf(currentView(console)).flatMap(({ writes: isWrite, keys: [key] }) =>
    isWrite === true && key !== undefined ? [key] : [],
  );
  return keys.length === 0 ? ['up'] : keys;
}

/** What was written since the last time. */
async function takeWrites(url: string): Promise<readonly string[]> {
  const written = await writes(url);
  await fetch(`${url}/_demo/requests`, { method: 'DELETE' });
  return written;
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
