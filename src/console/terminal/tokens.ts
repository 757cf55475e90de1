import {
  type AnsiCode,
  type Char,
  tokenize as realTokenize,
  reduceAnsiCodesIncremental,
  type StyledChar,
  type Token,
} from '@alcalzone/ansi-tokenize';
import { isCommon } from '../../text/common.ts';

export { styledCharsToString } from '@alcalzone/ansi-tokenize';

/*
 * Stands in for Ink's tokeniser in the bundle (src/build.mjs). Ink tokenises every visible character
 * of every frame, changed or not; on Node 20 that is 17 of 20 ms of a 200x50 frame. Here a text's tokens and
 * cells are remembered, and those of common characters, nearly all there are, are made once and shared.
 * Callers only read them. Until Node 20 goes.
 */

/** The tokens of common characters and the line end, by code unit, each made when it is first painted. */
const characters: (Char | undefined)[] = [];
const NO_STYLES: AnsiCode[] = [];

/** Bounded memories: emptied when full, which is cheaper than keeping the order of use. */
const COLOURS = 512;
const TEXTS = 2048;
/** Longer texts are rarely painted twice, in code units. */
const LONGEST = 1024;
const STYLES = 256;
const colours = new Map<string, Token[]>();
const texts = new Map<string, Token[]>();
const styled = new WeakMap<readonly Token[], StyledChar[]>();
const cellsByStyle = new Map<string, { styles: AnsiCode[]; cells: (StyledChar | undefined)[] }>();

/** As the library's `tokenize`; a limit in columns, which Ink does not use, goes to the library. */
export function tokenize(text: string, endColumn: number = Number.POSITIVE_INFINITY): Token[] {
  if (endColumn !== Number.POSITIVE_INFINITY) return realTokenize(text, endColumn);
  if (text.length > LONGEST) return tokenizeCommon(text) ?? realTokenize(text);
  return remember(texts, TEXTS, text, () => tokenizeCommon(text) ?? realTokenize(text));
}

/** As the library's `styledCharsFromTokens`, with shared cells. */
export function styledCharsFromTokens(tokens: Token[]): StyledChar[] {
  const known = styled.get(tokens);
  if (known !== undefined) return known;
  let style = styleOf(NO_STYLES);
  let visible = true;
  const cells: StyledChar[] = [];
  for (const token of tokens) {
    if (token.type === 'char') {
      cells.push(cellOf(style, token));
      visible &&= token === characters[token.value.charCodeAt(0)];
    } else if (token.type === 'ansi') style = styleOf(reduceAnsiCodesIncremental(style.styles, [token]));
  }
  if (visible) keepWhole(cells);
  styled.set(tokens, cells);
  return cells;
}

/**
 * Ink filters invisible characters out of each text's cells, a regular expression a cell and a third of a frame's
 * time. Where all are known to be visible the filter has nothing to look for.
 */
function keepWhole(cells: StyledChar[]): void {
  Object.defineProperty(cells, 'filter', { value: () => cells });
}

/** The tokens of common characters with colours (SGR); undefined when anything else is in the text. */
function tokenizeCommon(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const start = text.indexOf('\x1b[', at);
    const end = start < 0 ? text.length : start;
    if (!pushPlain(tokens, text, at, end)) return undefined;
    if (start < 0) break;
    at = start + 2;
    while (isParameter(text.charCodeAt(at))) at += 1;
    if (text.charAt(at) !== 'm') return undefined;
    at += 1;
    const colour = text.slice(start, at);
    tokens.push(...remember(colours, COLOURS, colour, () => realTokenize(colour)));
  }
  return tokens;
}

/** A digit or a semicolon. */
function isParameter(code: number): boolean {
  return code >= 0x30 && code <= 0x3b && code !== 0x3a;
}

/** Adds the shared tokens of a text; false when it holds a character that may join with another. */
function pushPlain(tokens: Token[], text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    const character = commonCharacter(text.charCodeAt(at));
    if (character === undefined) return false;
    tokens.push(character);
  }
  return true;
}

function commonCharacter(code: number): Char | undefined {
  if (characters[code] === undefined && (code === 0x0a || isCommon(code))) {
    characters[code] = { type: 'char', value: String.fromCharCode(code), fullWidth: false };
  }
  return characters[code];
}

function styleOf(styles: AnsiCode[]): { styles: AnsiCode[]; cells: (StyledChar | undefined)[] } {
  let key = '';
  for (const { code, endCode } of styles) key += `${code}\0${endCode}\0`;
  return remember(cellsByStyle, STYLES, key, () => ({ styles, cells: [] }));
}

function cellOf(style: { styles: AnsiCode[]; cells: (StyledChar | undefined)[] }, token: Char): StyledChar {
  const code = token.value.charCodeAt(0);
  if (token !== characters[code]) return { ...token, styles: style.styles };
  let cell = style.cells[code];
  if (cell === undefined) {
    cell = { ...token, styles: style.styles };
    style.cells[code] = cell;
  }
  return cell;
}

function remember<Value>(memory: Map<string, Value>, limit: number, key: string, make: () => Value): Value {
  const known = memory.get(key);
  if (known !== undefined) return known;
  if (memory.size >= limit) memory.clear();
  const value = make();
  memory.set(key, value);
  return value;
}
