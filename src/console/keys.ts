import type { Key as InkKey } from 'ink';

/** A key as commands and widgets see it. */
export interface Key {
  /** `j`, `G`, `ctrl+r`, `shift+tab`, `enter`, `escape`, `space`, `pageup`, …; the character itself for others. */
  readonly name: string;
  /** What an input writes for it; empty for keys that write nothing. */
  readonly text: string;
}

const SHOWN: Readonly<Record<string, string>> = {
  escape: 'Esc',
  enter: 'Enter',
  tab: 'Tab',
  'shift+tab': 'Shift-Tab',
  space: 'Space',
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
  backspace: 'Backspace',
  delete: 'Delete',
};

/** Ink's two arguments as one key; undefined for what is no key of ours, such as a function key. */
export function keyOf(input: string, key: InkKey): Key | undefined {
  if (key.upArrow) return named('up');
  if (key.downArrow) return named('down');
  if (key.leftArrow) return named('left');
  if (key.rightArrow) return named('right');
  if (key.pageUp) return named('pageup');
  if (key.pageDown) return named('pagedown');
  if (key.home) return named('home');
  if (key.end) return named('end');
  if (key.return || input === '\n' || input === '\r') return named('enter');
  if (key.escape) return named('escape');
  if (key.tab) return named(key.shift ? 'shift+tab' : 'tab');
  if (key.backspace) return named('backspace');
  if (key.delete) return named('delete');
  if (input === '') return undefined;
  if (key.ctrl) return named(`ctrl+${input === ' ' ? 'space' : input}`);
  if (key.meta) return named(`alt+${input}`);
  return { name: input === ' ' ? 'space' : input, text: input };
}

/** A key's name as help and footer show it: `Ctrl-R`, `Esc`, `j`. */
export function shownKey(name: string): string {
  if (name.startsWith('ctrl+')) return `Ctrl-${name.slice(5).toUpperCase()}`;
  if (name.startsWith('alt+')) return `Alt-${name.slice(4)}`;
  return SHOWN[name] ?? name;
}

function named(name: string): Key {
  return { name, text: '' };
}
