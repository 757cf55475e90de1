import { useCallback, useRef, useSyncExternalStore } from 'react';
import { shortAge } from '../../text/ages.ts';
import { printable } from '../../text/printable.ts';
import { width as cells, cut, cutStart } from '../../text/width.ts';
import { commandsOf, currentContext, currentView, whyDisabled } from '../commands.ts';
import type { Console } from '../console.ts';
import { useConsole, useNow, useStore } from '../hooks.ts';
import { shownKey } from '../keys.ts';
import { type Row, rowWidth, type Segment, spread } from '../row.ts';
import { EXPIRES_SOON, isSignedOut } from '../stores/credential-watch.ts';
import { Line } from './text.tsx';

/** How much of the footer work under way may take from the keys' hints. */
const WORK_SHARE = 0.3;

/** Who and where we are; red for production. */
export function Header({ width }: { width: number }) {
  const console = useConsole();
  const now = useNow();
  const { session, identity, failure, choice, expiresAt, pollers } = useStore(console.session, (state) => state);
  const embedded = console.options.embedded === true;
  const profile = embedded ? 'demo' : (session?.profile ?? choice.profile ?? 'default');
  const region = session?.region ?? choice.region;
  const production = console.options.isProduction?.(profile, identity?.account) === true;
  const parts: Segment[] = [{ text: profile, bold: true }];
  if (identity !== undefined) parts.push({ text: identity.account });
  else if (failure !== undefined) parts.push({ text: 'not signed in', tone: 'error' });
  else parts.push({ text: 'signing in…', tone: 'dim' });
  if (region !== undefined) parts.push({ text: region });
  if (identity !== undefined) parts.push({ text: identity.name });
  const left = (expiresAt ?? Number.POSITIVE_INFINITY) - now;
  if (left <= 0 || (identity !== undefined && isSignedOut(failure)))
    parts.push({ text: 'session ended', tone: 'error' });
  else if (Number.isFinite(left)) {
    parts.push({ text: `session ${shortAge(left)}`, tone: left < EXPIRES_SOON ? 'warn' : 'plain' });
  }
  // The least important, so it comes last and is cut first.
  if (session?.endpoint !== undefined) parts.push({ text: session.endpoint.replace(/^https?:\/\//, ''), tone: 'dim' });
  const attention = pollers?.attention(now) ?? 0;
  const { locked, until } = useStore(console.lock, (state) => state);
  const right: Segment[] = [];
  if (locked) right.push({ text: 'READ-ONLY', tone: 'warn', bold: true });
  else if (until !== undefined) right.push({ text: `WRITES ${shortAge(Math.max(0, until - now))}`, tone: 'warn' });
  if (attention > 0) {
    if (right.length > 0) right.push({ text: '   ' });
    right.push({ text: `${attention} ${attention === 1 ? 'needs' : 'need'} attention`, tone: 'warn' });
  }
  right.push({ text: ' ' });
  const who = [
    { text: ' ' },
    ...parts.flatMap((part, at): Segment[] => (at === 0 ? [part] : [{ text: ' · ', tone: 'dim' }, part])),
  ];
  const row = spread(who, right, width);
  return <Line row={production ? row.map(onRed) : row} width={width} fill />;
}

function onRed({ text, bold }: Segment): Segment {
  return { text, bold, tone: 'error', inverse: true };
}

/** Where we are in the history of screens. */
export function Breadcrumb({ width }: { width: number }) {
  const console = useConsole();
  const { places, position } = useStore(console.router, (state) => state);
  const views = useStore(console.views, (loaded) => loaded);
  const levels = places
    .slice(0, position + 1)
    .map(({ route }) => views.find((view) => view.kind === route.kind)?.crumbs(route) ?? []);
  // What the place before already says, such as the environment's name, is not said again.
  const crumbs = levels.flatMap((level, at) => (level[0] === levels[at - 1]?.[0] ? level.slice(1) : level));
  const trail = crumbs.map(printable).filter((crumb, at) => crumb !== printable(crumbs[at - 1] ?? ''));
  const last = trail.at(-1) ?? '';
  const before = trail
    .slice(0, -1)
    .map((crumb) => `${crumb} › `)
    .join('');
  const room = Math.max(0, width - 2 - rowWidth(last));
  return (
    <Line
      row={[{ text: ' ' }, { text: cutStart(before, room), tone: 'dim' }, { text: last, bold: true }]}
      width={width}
      fill
    />
  );
}

/** What the keys do here, and at the right end the newest notice, throttle or background work. */
export function Footer({ width }: { width: number }) {
  const console = useConsole();
  const slot = useSlot(console, width);
  const hints = useHints(console);
  const taken = rowWidth(slot);
  const room = taken === 0 ? width : width - taken - 2;
  // Whole hints or none: the last of those that need not stay go first, `? help` or how to leave it last.
  const shown = [...hints];
  while (shown.length > 0 && hintsWidth(shown) > room) {
    const next = shown.findLastIndex(({ stays }) => !stays);
    shown.splice(Math.max(0, next), 1);
  }
  const left = shown.flatMap(({ key, word, tone }): Segment[] => [
    { text: ` ${key} `, bold: true, tone: tone === 'error' ? 'error' : 'plain' },
    { text: `${word} `, tone },
  ]);
  return <Line row={taken === 0 ? left : spread(left, slot, width)} width={width} fill />;
}

interface Hint {
  readonly key: string;
  readonly word: string;
  readonly tone: 'dim' | 'error' | 'plain';
  /** It goes only when all others have gone. */
  readonly stays: boolean;
}

/** The hints, the same array until one of them changes: most changes of what they depend on change none. */
function useHints(console: Console): readonly Hint[] {
  const latest = useRef<{ readonly text: string; readonly hints: readonly Hint[] }>({ text: '', hints: [] });
  const read = () => {
    const hints = hintsOf(console);
    const text = JSON.stringify(hints);
    if (text !== latest.current.text) latest.current = { text, hints };
    return latest.current.hints;
  };
  const subscribe = useCallback(
    (listener: () => void) => {
      const { viewState, panes, router, session, lock, layers } = console;
      const stores = [viewState, panes, router, session, lock, layers];
      const stops = stores.map((store) => store.subscribe(listener));
      return () => {
        for (const stop of stops) stop();
      };
    },
    [console],
  );
  return useSyncExternalStore(subscribe, read, read);
}

/**
 * Those of the dialog or form that takes all keys, and of what is above it. Without one Enter first, then those of what
 * takes some, such as a list to choose from, then the view's own, also those that can't act now; of the shared ones only
 * those that can.
 */
function hintsOf(console: Console): Hint[] {
  const { layers } = console.layers.getState();
  const all = layers.findLastIndex(({ takes }) => takes === undefined);
  const taken = layers
    .slice(Math.max(0, all))
    .flatMap(({ hints = [] }) => hints)
    // How to leave stands last, whichever layer came first.
    .sort(([one], [other]) => Number(one === 'Esc') - Number(other === 'Esc'))
    .map(([key, word], at, { length }): Hint => ({ key, word, tone: 'plain', stays: all >= 0 && at === length - 1 }));
  if (all >= 0) return taken;
  const context = currentContext(console);
  const commands = commandsOf(currentView(console));
  const own = commands.flatMap((command): Hint[] => {
    const [key] = command.keys;
    if (command.hint === undefined || key === undefined || command.hinted?.(context) === false) return [];
    const disabled = whyDisabled(command, context) !== undefined;
    if (disabled && (command.where === 'pane' || command.where === 'everywhere')) return [];
    const word = typeof command.hint === 'string' ? command.hint : command.hint(context);
    const tone = disabled ? 'dim' : command.writes === true ? 'error' : 'plain';
    const stays = command.foremost ?? (command.id !== 'open' && command.where !== context.route.kind);
    return [{ key: shownKey(key), word, tone, stays }];
  });
  return [...taken, ...own].sort((one, other) => Number(other.key === 'Enter') - Number(one.key === 'Enter'));
}

function hintsWidth(hints: readonly Hint[]): number {
  return hints.reduce((sum, { key, word }) => sum + key.length + word.length + 3, 0);
}

/** Where the rest of an error is that is longer than the screen is wide. */
const REST = '  ! shows it all ';

/** Flash, else throttle, else work that goes on, which is cut to its room: it stands there for long. */
function useSlot(console: Console, width: number): Row {
  const room = Math.floor(width * WORK_SHARE);
  const flash = useStore(console.notices, (state) => state.flash);
  const running = useStore(console.jobs, (state) => state.running);
  const throttles = useStore(console.session, (state) => state.throttles);
  const now = useNow();
  if (flash !== undefined) {
    const text = printable(flash.text);
    if (flash.tone !== 'error' || cells(text) < width) return [{ text: `${text} `, tone: flash.tone }];
    return [{ text: cut(text, width - cells(REST)), tone: flash.tone }, { text: REST }];
  }
  const waiting = throttles.filter(({ until }) => until > now);
  if (waiting.length > 0) {
    const each = waiting.map(({ family, until }) => `${family} ${shortAge(until - now + 999)}`);
    return [{ text: `throttled: ${each.join(', ')} `, tone: 'warn' }];
  }
  if (running.length > 0) {
    const [first] = running;
    const more = running.length > 1 ? ` and ${running.length - 1} more` : '';
    return [{ text: `${cut(first?.title ?? '', room - more.length)}${more} `, tone: 'running' }];
  }
  return '';
}
