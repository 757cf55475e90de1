import { width } from './width.ts';

/** Only printable ASCII: nothing to do. Most text is. */
const PLAIN = /^[\x20-\x7e]*$/;

/** Anything that this file may change; a text without it is returned as it is. */
const SUSPECT =
  /[\p{Cc}\p{Cs}\u2028\u2029\p{Default_Ignorable_Code_Point}\ufff9-\ufffb\p{M}\p{Noncharacter_Code_Point}]/u;

/** Not shown by any terminal, or (bidi) re-orders what is: a reader cannot see that it is there. */
const HIDDEN = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb\p{Noncharacter_Code_Point}]/u;
const MARK = /\p{M}/u;

/** More combining marks than any script stacks on one letter are an attack on the rows around it. */
const MARKS_PER_CELL = 8;
const TAB_STOP = 8;

const ESCAPE = 0x1b;
const SHOWN_ESCAPE = '\u241b';
const REPLACEMENT = '\ufffd';

/**
 * Text as one line that does nothing to a terminal but show characters of known width. Whole escape
 * sequences go first (also unterminated and 8-bit ones, so that no tail stays behind) and leave a visible
 * mark, except colours; then C0, C1, DEL, bidi controls, invisible characters, lone surrogates and
 * floods of combining marks. Line ends become spaces, tabs go to the next 8th cell. Linear in the
 * text's length; the same string comes back when there is nothing to change.
 */
export function printable(text: string): string {
  if (PLAIN.test(text) || !SUSPECT.test(text)) return text;
  let out = '';
  let copied = 0;
  let marks = 0;
  let measured = 0;
  let column = 0;
  let at = 0;
  while (at < text.length) {
    const code = text.codePointAt(at) ?? 0;
    let end = at + (code > 0xffff ? 2 : 1);
    if (code >= 0x20 && code < 0x7f) {
      marks = 0;
      at = end;
      continue;
    }
    let shown: string | undefined;
    if (code === ESCAPE || (code >= 0x80 && code <= 0x9f)) {
      const sequence = endOfSequence(text, at, code);
      shown = sequence.colour ? '' : code === 0x85 ? ' ' : SHOWN_ESCAPE;
      end = sequence.end;
    } else if (code === 0x0d && text.charCodeAt(end) === 0x0a) {
      shown = '';
    } else if (code === 0x09) {
      out += text.slice(copied, at);
      copied = at;
      column += width(out.slice(measured));
      measured = out.length;
      shown = ' '.repeat(TAB_STOP - (column % TAB_STOP));
    } else if (code === 0x0a || code === 0x2028 || code === 0x2029) {
      shown = ' ';
    } else if (code < 0x20) {
      shown = String.fromCharCode(0x2400 + code);
    } else if (code === 0x7f) {
      shown = '\u2421';
    } else if (isBidi(code) || (code >= 0xd800 && code <= 0xdfff)) {
      shown = REPLACEMENT;
    } else {
      const character = text.slice(at, end);
      if (HIDDEN.test(character)) shown = '';
      else if (MARK.test(character)) {
        marks += 1;
        if (marks > MARKS_PER_CELL) shown = '';
      } else marks = 0;
    }
    if (shown !== undefined) {
      out += text.slice(copied, at) + shown;
      copied = end;
      if (shown !== '') marks = 0;
    }
    at = end;
  }
  return out + text.slice(copied);
}

/** The lines of a text (LF or CRLF), each printable. */
export function printableLines(text: string): string[] {
  return text.split(/\r?\n/).map(printable);
}

/** Overrides, embeddings and isolates can make a line read as another one; they are shown, not dropped. */
function isBidi(code: number): boolean {
  return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

/**
 * Where the sequence that starts at `start` ends, by ECMA-48: CSI up to its final byte, strings (OSC, DCS,
 * SOS, PM, APC) up to ST, BEL, another escape, the line's or the text's end. `colour` is true for SGR.
 */
function endOfSequence(text: string, start: number, first: number): { end: number; colour: boolean } {
  let at = start + 1;
  let kind = first;
  if (first === ESCAPE) {
    const second = text.charCodeAt(at);
    // ESC with 0x40..0x5f is the 7-bit form of a C1 control.
    if (second >= 0x40 && second <= 0x5f) {
      kind = second + 0x40;
      at += 1;
    } else {
      at = skip(text, at, 0x20, 0x2f);
      const final = text.charCodeAt(at);
      return { end: final >= 0x30 && final <= 0x7e ? at + 1 : at, colour: false };
    }
  }
  if (kind === 0x9b) {
    const parameters = at;
    at = skip(text, at, 0x30, 0x3f);
    const privateUse = text.charCodeAt(parameters) >= 0x3c && at > parameters;
    const intermediates = at;
    at = skip(text, at, 0x20, 0x2f);
    const final = text.charCodeAt(at);
    if (!(final >= 0x40 && final <= 0x7e)) return { end: at, colour: false };
    return { end: at + 1, colour: final === 0x6d && !privateUse && at === intermediates };
  }
  if (kind === 0x9d || kind === 0x90 || kind === 0x98 || kind === 0x9e || kind === 0x9f) {
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (code === 0x07 || code === 0x9c) return { end: at + 1, colour: false };
      if (code === ESCAPE) return { end: text[at + 1] === '\\' ? at + 2 : at, colour: false };
      if (code === 0x0a) break;
      at += 1;
    }
  }
  return { end: at, colour: false };
}

function skip(text: string, from: number, low: number, high: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) >= low && text.charCodeAt(at) <= high) at += 1;
  return at;
}
