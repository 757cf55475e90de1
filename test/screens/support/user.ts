import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'vitest';
import { commandsOf, currentView } from '../../../src/console/commands.ts';
import type { Dialog } from '../../../src/console/stores/dialogs.ts';
import { painted } from '../../../src/console/theme.ts';
import type { RunningRegion } from '../../../src/demo/region.ts';
import type { Home } from '../../aws/home.ts';
import type { HandClock } from '../../support/hand-clock.ts';
import { misplacedOn, wrongOn } from './frame-rules.ts';
import { choose, select } from './scenario.ts';
import type { Screen } from './screen.ts';

/** The sizes that every screen is held at, the first while the scenario goes on. */
const SIZES = [
  [80, 24],
  [120, 40],
  [160, 48],
] as const;
/** At the end of a scenario: what an ultra-wide terminal has, and the least that is served. */
const EXTREMES = [
  [250, 70],
  [60, 15],
] as const;
/** Turns of the loop in which a request and its answer come through. */
const QUIET = 20;
const UNITS = { s: 1000, m: 60_000, h: 3_600_000 } as const;

/** What a screen has to show: a text, or one that has room only from so many columns on. */
export type Sight = string | RegExp | { readonly text: string | RegExp; readonly columns: number };

/** A text that a screen of `columns` or more has to show. */
export function from(columns: number, text: string | RegExp): Sight {
  return { text, columns };
}

/**
 * Who sits before the console in a scenario, and knows its commands by name. Each `sees` looks at the screen at three
 * sizes, and holds every frame to the rules that all have to keep (frame-rules.ts).
 */
export class User {
  readonly screen: Screen;
  readonly region: RunningRegion;
  /** Time stands still but for what `waits` and `comes` let pass. */
  readonly clock: HandClock;
  /** The folder with the user's AWS settings, where the scenario gives some. */
  readonly home: Home | undefined;
  /** What was copied, oldest first. */
  readonly copied: string[] = [];
  /** The screens and dialogs looked at, such as `environment overview` and `dialog confirm`. */
  readonly looked = new Set<string>();
  /** What was done so far, for messages. */
  readonly trail: string[] = [];
  readonly #plain: boolean;

  constructor(screen: Screen, given: Pick<User, 'region' | 'clock' | 'home'> & { readonly plain: boolean }) {
    this.screen = screen;
    this.region = given.region;
    this.clock = given.clock;
    this.home = given.home;
    this.#plain = given.plain;
    screen.stdout.terminal.parser.registerOscHandler(52, (data) => {
      this.copied.push(Buffer.from(data.replace('c;', ''), 'base64').toString());
      return true;
    });
  }

  /** Gives a command of the console's table: by its key, or with words and where it has none by the palette. */
  async does(id: string, ...words: readonly string[]): Promise<void> {
    this.#did('does', id, ...words);
    if (this.#dialog() !== undefined) throw new Error(`${this.#dialog()?.kind} is open: ${id} would not be heard`);
    const commands = commandsOf(currentView(this.screen.console));
    const command = commands.find((each) => each.id === id);
    if (command === undefined) throw new Error(`No command ${id} here, but ${commands.map((each) => each.id).join()}`);
    const [key] = command.keys;
    if (key === undefined || words.length > 0) await this.screen.run(id, ...words);
    else await this.screen.press(key);
    await this.#keeps();
  }

  /** Moves the selection to the row with a text. */
  async selects(text: string): Promise<void> {
    this.#did('selects', text);
    await select(this.screen, text);
    await this.#keeps();
  }

  /** Takes the choice with a text: of the dialog that is open, or of a screen's list. */
  async chooses(text: string): Promise<void> {
    this.#did('chooses', text);
    const dialog = this.#dialog();
    if (dialog === undefined) await choose(this.screen, (line) => line.includes(text));
    else {
      if (dialog.kind !== 'select') throw new Error(`${dialog.kind} is open, which has no choices`);
      const at = dialog.choices.findIndex(({ label }) => label.includes(text));
      if (at < 0) throw new Error(`No choice ${text}, but ${dialog.choices.map(({ label }) => label).join()}`);
      const by = at - (dialog.initial ?? 0);
      await this.screen.press(...Array<string>(Math.abs(by)).fill(by < 0 ? 'up' : 'down'), 'enter');
    }
    await this.#keeps();
  }

  /** Answers a question. */
  async answers(answer: 'yes' | 'no'): Promise<void> {
    this.#did('answers', answer);
    await this.screen.until(() => this.#dialog()?.kind === 'confirm', 'something asks for yes or no');
    await this.screen.press(answer === 'yes' ? 'y' : 'n');
    await this.#keeps();
  }

  /** Types a text into what takes one: a dialog, a form, the filter. */
  async types(text: string): Promise<void> {
    this.#did('types', text);
    await this.screen.type(text);
    await this.#keeps();
  }

  /** Pastes a text as the terminal does. */
  async pastes(text: string): Promise<void> {
    this.#did('pastes', text);
    await this.screen.paste(text);
    await this.#keeps();
  }

  /** Edits a form: another field, another value of it, its text taken away. */
  async edits(...steps: readonly ('next field' | 'field before' | 'next value' | 'value before' | 'clear')[]) {
    this.#did('edits', ...steps);
    const keys = { 'next field': 'tab', 'field before': 'shift+tab', 'next value': 'right', 'value before': 'left' };
    await this.screen.press(...steps.map((step) => (step === 'clear' ? 'ctrl+u' : keys[step])));
    await this.#keeps();
  }

  /** Ends what was typed: Enter, or all of a form at once. */
  async enters(what: 'it' | 'form' = 'it'): Promise<void> {
    this.#did('enters', what);
    await this.screen.press(what === 'form' ? 'ctrl+s' : 'enter');
    await this.#keeps();
  }

  /** Filters a table, or searches a text: the screen's, or that of the document that is open. */
  async finds(text: string): Promise<void> {
    if (this.#dialog() === undefined) await this.does('find');
    else await this.screen.press('/');
    await this.edits('clear');
    await this.types(text);
    await this.enters();
  }

  /** Copies all of the document that is open. */
  async copiesAll(): Promise<void> {
    this.#did('copiesAll');
    if (this.#dialog()?.kind !== 'document') throw new Error('No document is open');
    await this.screen.press('Y');
    await this.#keeps();
  }

  /** Leaves what is uppermost: a dialog, a filter, the screen. */
  async leaves(): Promise<void> {
    this.#did('leaves');
    await this.screen.press('escape');
    await this.#keeps();
  }

  /** Waits until the screen shows all this, at each size, and holds it to the rules. */
  async sees(...sights: readonly Sight[]): Promise<void> {
    this.#did('sees', ...sights.map((sight) => String(isNarrow(sight) ? sight : sight.text)));
    await this.#looksAt(SIZES[0], sights);
    const selected = this.#marked();
    for (const size of SIZES.slice(1)) {
      await this.#looksAt(size, sights);
      if (selected === undefined) continue;
      expect(this.#marked(), `selected at ${size.join('x')}\n${this.screen.framed()}`).toBe(selected);
    }
    await this.#resizes(SIZES[0]);
  }

  /** Waits until the screen shows none of this any more. */
  async misses(...texts: readonly (string | RegExp)[]): Promise<void> {
    this.#did('misses', ...texts.map(String));
    for (const text of texts) await this.screen.gone(this.#asShown(text));
  }

  /** Lets time pass until the screen shows a text, `30m` of it at most; what is under way then may still come to its end. */
  async comes(text: string | RegExp, within: `${number}${keyof typeof UNITS}`): Promise<void> {
    this.#did('comes', String(text), within);
    const end = this.clock.now() + spanOf(within);
    while (!this.#shows(text) && this.clock.now() < end) {
      this.clock.step(Math.min(1000, end - this.clock.now()));
      await this.#rests();
    }
    this.screen.console.ticker.tick();
    await this.sees(text);
  }

  /** Lets time pass. */
  async waits(time: `${number}${keyof typeof UNITS}`): Promise<void> {
    this.#did('waits', time);
    const end = this.clock.now() + spanOf(time);
    while (this.clock.now() < end) {
      this.clock.step(Math.min(1000, end - this.clock.now()));
      await this.#rests();
    }
    this.screen.console.ticker.tick();
    await this.#keeps();
  }

  /** Lets all that is under way come to where it waits for time: requests take some turns of the loop, files their own time. */
  async #rests(): Promise<void> {
    for (let quiet = 0; quiet < QUIET; quiet += 1) {
      await turn();
      if (process.getActiveResourcesInfo().some((kind) => kind.startsWith('FSReq'))) quiet = -1;
    }
    await this.screen.settled();
  }

  /** Lets the machine sleep: time jumps, and costs nothing. */
  async sleeps(time: `${number}${keyof typeof UNITS}`): Promise<void> {
    this.#did('sleeps', time);
    await this.clock.skip(spanOf(time));
    await this.screen.settled();
    this.screen.console.ticker.tick();
    await this.#keeps();
  }

  /** Takes the focus away from the terminal, or gives it back. */
  async looks(where: 'away' | 'back'): Promise<void> {
    this.#did('looks', where);
    this.screen.send(where === 'away' ? '\x1b[O' : '\x1b[I');
    await this.screen.settled();
  }

  /** At the end: the last screen at the greatest and the least size, and the way back to the dashboard. */
  async goesHome(): Promise<void> {
    this.#did('goesHome');
    for (const size of EXTREMES) await this.#looksAt(size, []);
    await this.#resizes(SIZES[0]);
    const { router, dialogs } = this.screen.console;
    const isHome = () => router.getState().position === 0 && dialogs.getState().open.length === 0;
    for (let times = 0; times < 40 && !isHome(); times += 1) await this.screen.press('escape');
    if (!isHome()) throw new Error('Esc does not lead back to the dashboard');
    await this.#keeps();
  }

  async #looksAt(size: readonly [number, number], sights: readonly Sight[]): Promise<void> {
    await this.#resizes(size);
    const [columns] = size;
    const wanted = sights.flatMap((sight): (string | RegExp)[] => {
      if (isNarrow(sight)) return [sight];
      return columns >= sight.columns ? [sight.text] : [];
    });
    const missing = () => [
      ...wanted.filter((text) => !this.#shows(text)).map((text) => `it does not show ${text}`),
      ...misplacedOn(this.screen, { plain: this.#plain }),
    ];
    await this.screen.until(
      () => missing().length === 0,
      () => `${size.join('x')}: ${missing().join('; ')}`,
    );
    await this.#keeps();
    const { route } = this.screen.console.router.place();
    this.looked.add('tab' in route ? `${route.kind} ${route.tab}` : route.kind);
    const dialog = this.#dialog();
    if (dialog !== undefined) this.looked.add(`dialog ${dialog.kind}`);
  }

  async #resizes([columns, rows]: readonly [number, number]): Promise<void> {
    const { stdout } = this.screen;
    if (stdout.columns !== columns || stdout.rows !== rows) await this.screen.resize(columns, rows);
  }

  /** What no frame since the last time may have done. */
  async #keeps(): Promise<void> {
    const wrong = wrongOn(this.screen, { plain: this.#plain });
    if (wrong.length > 0) throw new Error(wrong.join('\n'));
  }

  /** The first words of the selected row, which any width shows, where no dialog covers it. */
  #marked(): string | undefined {
    if (this.#dialog() !== undefined) return undefined;
    return /> (\S{1,12})/.exec(this.screen.selected() ?? '')?.[1];
  }

  #dialog(): Dialog | undefined {
    return this.screen.console.dialogs.getState().open.at(-1)?.dialog;
  }

  #shows(text: string | RegExp): boolean {
    const shown = this.#asShown(text);
    const screen = this.screen.text();
    return typeof shown === 'string' ? screen.includes(shown) : shown.test(screen);
  }

  /** A text as this terminal shows it: without the console's own drawing where it has ASCII alone. */
  #asShown(text: string | RegExp): string | RegExp {
    const { theme } = this.screen.console;
    if (theme.unicode) return text;
    if (typeof text === 'string') return painted(text, {}, theme);
    const source = text.source.replace(/[^\0-\x7f]/g, (drawn) => painted(drawn, {}, theme).replace(/[|*^.]/, '\\$&'));
    return new RegExp(source, text.flags);
  }

  #did(...words: readonly string[]): void {
    this.trail.push(words.join(' '));
  }
}

function isNarrow(sight: Sight): sight is string | RegExp {
  return typeof sight === 'string' || sight instanceof RegExp;
}

function spanOf(time: string): number {
  return Number(time.slice(0, -1)) * UNITS[time.at(-1) as keyof typeof UNITS];
}
