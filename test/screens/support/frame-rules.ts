import type { Screen } from './screen.ts';

const ESC = '\x1b';
const BEL = '\x07';
/** What the console itself writes: cursor and erasing, colours, modes, links, the clipboard. */
const OURS = new RegExp(
  [
    `${ESC}\\[[\\d;]*[ABCDEGHJKm]`,
    `${ESC}\\[\\?(?:7|25|1004|1049|2004|2026)[hl]`,
    `${ESC}\\]8;;[^${BEL}${ESC}]*${BEL}`,
    `${ESC}\\]52;c;[A-Za-z0-9+/=]*${BEL}`,
  ].join('|'),
  'g',
);
/** Any other control, with what follows it. */
const FOREIGN = /[^\P{Cc}\r\n].{0,20}/u;
/** Of bidirectional text: what turns the order of the characters beside it. */
const TURNING = /[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/u;
const COLOUR = new RegExp(`${ESC}\\[(?:\\d+;)*(?:[349][0-7]|10[0-7]|[34]8;[\\d;]+)(?:;\\d+)*m`);
/** What a program shows of a value that it doesn't have. */
const NO_VALUE = /\bundefined\b|\[object \w+\]|\bNaN\b|Invalid Date|\bInfinity\b/;
/** Lines, arrows, marks and the apostrophe that the console writes itself, which have stand-ins in ASCII. */
const DRAWN = /[\u2190-\u21ff\u2400-\u259f\u25a0-\u25ff·×›‹…•’]/;

/** What may never be on a terminal, whatever came from remote or was pressed; what was sent is heard once. */
export function wrongOn({ stdout }: Screen, { plain = false }: { readonly plain?: boolean } = {}): readonly string[] {
  const { active } = stdout.terminal.buffer;
  const wrong: string[] = [];
  if (active.type !== 'alternate') wrong.push('the alternate screen was left');
  if (active.baseY !== 0) wrong.push('a frame was taller than the terminal');
  // A bell alone says that a deployment has ended.
  const written = stdout.sent.filter((text) => text !== BEL).join('');
  stdout.sent.length = 0;
  const [foreign] = FOREIGN.exec(written.replaceAll(OURS, '')) ?? [];
  if (foreign !== undefined) wrong.push(`what is not the console's own was written: ${JSON.stringify(foreign)}`);
  const [turning] = TURNING.exec(written) ?? [];
  if (turning !== undefined) wrong.push(`what turns the text around was written: ${JSON.stringify(turning)}`);
  const [colour] = COLOUR.exec(written) ?? [];
  if (plain && colour !== undefined) wrong.push(`a colour was written where none is wanted: ${JSON.stringify(colour)}`);
  return wrong;
}

/** What is wrong with how a screen is laid out: its frame, its panels, words that are no words. */
export function misplacedOn(screen: Screen, { plain = false }: { readonly plain?: boolean } = {}): readonly string[] {
  const lines = screen.lines();
  const wrong: string[] = [];
  if (!/123456789012|sign(?:ing|ed) in/.test(lines[0] ?? '')) wrong.push('the first line does not say who we are');
  if (!/^ \S/.test(lines[1] ?? '')) wrong.push('the second line does not say where we are');
  const foot = lines.at(-1) ?? '';
  if (foot === '') wrong.push('the last line is empty');
  if (/\b[:?/] \w*…/.test(foot)) wrong.push('a hint is cut');
  for (const [row, line] of lines.entries()) {
    const [no] = NO_VALUE.exec(line) ?? [];
    if (no !== undefined) wrong.push(`row ${row + 1} shows ${no}`);
    const [drawn] = (plain && DRAWN.exec(line)) || [];
    if (drawn !== undefined) wrong.push(`row ${row + 1} shows ${drawn} where plain ASCII is wanted`);
    // A panel's rows end in the last column.
    if (/^[│┌└]|^\+[-]{3}/.test(line) && !(line.length === screen.stdout.columns && /[│┐┘+]$/.test(line))) {
      wrong.push(`row ${row + 1} begins as a panel's and does not end as one`);
    }
  }
  return wrong;
}
