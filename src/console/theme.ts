import type { Tone } from '../text/columns.ts';

/** How a piece of a row looks. */
export interface Style {
  readonly tone?: Tone | undefined;
  readonly bold?: boolean | undefined;
  readonly inverse?: boolean | undefined;
  readonly underline?: boolean | undefined;
}

/** What this terminal can show. */
export interface Theme {
  /** False with NO_COLOR or `--no-color`: then bold, dim, underline and inverse still tell things apart. */
  readonly color: boolean;
  /** False where the locale has no UTF-8: then lines, arrows and `…` have ASCII stand-ins. */
  readonly unicode: boolean;
}

/** Of the terminal's own 16 colours, so that the user's palette rules, on dark and light ground alike. */
const COLOURS: Readonly<Record<Tone, string>> = {
  plain: '',
  dim: '2',
  ok: '32',
  warn: '33',
  error: '31',
  running: '36',
  accent: '35',
};

/** One cell each, as what they stand for. */
const STAND_INS: Readonly<Record<string, string>> = {
  '…': '~',
  '’': "'",
  '×': 'x',
  '›': '>',
  '‹': '<',
  '→': '>',
  '←': '<',
  '·': '-',
  '•': '*',
  '│': '|',
  '─': '-',
  '┌': '+',
  '┐': '+',
  '└': '+',
  '┘': '+',
  '├': '+',
  '┤': '+',
  '█': '#',
  '░': '.',
  '▲': '^',
  '▼': 'v',
  '↑': '^',
  '↓': 'v',
  '\ufffd': '?',
};
/** Those, and the signs that control characters of remote text are shown as. */
const DRAWN = new RegExp(`[${Object.keys(STAND_INS).join('')}\u2400-\u243f]`, 'g');
const CONTROL = '^';

/** The theme that an environment asks for. NO_COLOR by no-color.org: set and not empty. */
export function themeFrom(environment: NodeJS.ProcessEnv, color = true, ascii = false): Theme {
  const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || '';
  return {
    color: color && (environment.NO_COLOR ?? '') === '',
    // No locale at all is common in containers, whose terminals are modern ones.
    unicode: !ascii && environment.TERM !== 'linux' && (locale === '' || /utf-?8/i.test(locale)),
  };
}

/** A printable text with its style as the terminal wants it. */
export function painted(text: string, style: Style, theme: Theme): string {
  const shown = theme.unicode ? text : text.replace(DRAWN, (drawn) => STAND_INS[drawn] ?? CONTROL);
  const codes: string[] = [];
  const tone = style.tone ?? 'plain';
  if (tone !== 'plain' && (theme.color || tone === 'dim')) codes.push(COLOURS[tone]);
  if (style.bold === true) codes.push('1');
  if (style.underline === true) codes.push('4');
  if (style.inverse === true) codes.push('7');
  return codes.length === 0 || shown === '' ? shown : `\x1b[${codes.join(';')}m${shown}\x1b[0m`;
}
