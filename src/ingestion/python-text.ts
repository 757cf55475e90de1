/** Lines of generated Python are at most this long, as its formatters have it. */
export const PYTHON_LINE = 88;

const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

/**
 * A Python string literal for any text: plain ASCII, so that nothing in it can end the literal, hide from a reader
 * (bidirectional controls) or depend on the file's encoding. Lone surrogates survive.
 */
export function pythonString(text: string): string {
  // As formatters do: double quotes unless they would have to be escaped and single ones would not.
  const quote = text.includes('"') && !text.includes("'") ? "'" : '"';
  let literal = quote;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const short = SHORT_ESCAPES[character];
    if (short !== undefined) literal += short;
    else if (character === quote) literal += `\\${quote}`;
    else if (code >= 0x20 && code < 0x7f) literal += character;
    else if (code < 0x100) literal += `\\x${code.toString(16).padStart(2, '0')}`;
    else if (code < 0x10000) literal += `\\u${code.toString(16).padStart(4, '0')}`;
    else literal += `\\U${code.toString(16).padStart(8, '0')}`;
  }
  return literal + quote;
}

/** `NAME = "text"`, broken over lines by implicit concatenation where one line would be too long. */
export function pythonConstant(name: string, text: string): string {
  const oneLine = `${name} = ${pythonString(text)}`;
  if (oneLine.length <= PYTHON_LINE) return oneLine;
  const room = PYTHON_LINE - '    ""'.length;
  const pieces: string[] = [];
  let piece = '';
  // Broken before a colon or slash where there is one, so that an ARN stays readable.
  for (const word of text.split(/(?=[:/, ])/)) {
    for (const part of pieceWise(word, room)) {
      if (piece !== '' && pythonString(piece + part).length - 2 > room) {
        pieces.push(piece);
        piece = '';
      }
      piece += part;
    }
  }
  pieces.push(piece);
  return `${name} = (\n${pieces.map((each) => `    ${pythonString(each)}\n`).join('')})`;
}

/** A word in pieces that fit: an escaped character takes up to ten columns. */
function pieceWise(word: string, room: number): string[] {
  if (pythonString(word).length - 2 <= room) return [word];
  const characters = Array.from(word);
  const size = Math.floor(room / 10);
  return Array.from({ length: Math.ceil(characters.length / size) }, (_, at) =>
    characters.slice(at * size, (at + 1) * size).join(''),
  );
}

/** `NAME = ["a", "b"]`, one item a line where one line would be too long. */
export function pythonList(name: string, items: readonly string[]): string {
  const oneLine = `${name} = [${items.map(pythonString).join(', ')}]`;
  if (oneLine.length <= PYTHON_LINE) return oneLine;
  return `${name} = [\n${items.map((item) => `    ${pythonString(item)},\n`).join('')}]`;
}

/** Text for a comment or docstring: words of plain ASCII on one line, nothing that could end it. */
export function pythonProse(text: string): string {
  return text
    .replace(/[^\x20-\x7e]+/g, ' ')
    .replace(/[\\"]/g, ' ')
    .trim();
}

/** Breaks prose into lines of at most `width` characters; a longer word gets a line of its own. */
export function wrapProse(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
