/** A text as a Python string literal in double quotes; every character that could end it or act is escaped. */
export function pythonText(text: string): string {
  const escaped = JSON.stringify(text).replace(/[\u007f-\uffff]/g, (character) => {
    const code = character.charCodeAt(0);
    return `\\u${code.toString(16).padStart(4, '0')}`;
  });
  // Two escaped surrogates are two characters to Python: a pair is one escape of eight digits.
  return escaped.replace(/\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})/g, (_, high: string, low: string) => {
    const point = 0x10000 + ((Number.parseInt(high, 16) - 0xd800) << 10) + (Number.parseInt(low, 16) - 0xdc00);
    return `\\U${point.toString(16).padStart(8, '0')}`;
  });
}

/** A list of texts, on one line where it fits 88 columns after `indent` and `before` characters, else one a line. */
export function pythonList(texts: readonly string[], indent: number, before: number): string {
  const items = texts.map(pythonText);
  const line = `[${items.join(', ')}]`;
  if (indent + before + line.length + 1 <= 88) return line;
  const inner = ' '.repeat(indent + 4);
  return `[\n${items.map((item) => `${inner}${item},\n`).join('')}${' '.repeat(indent)}]`;
}

/** A text that may stand in a docstring: no quotes or escapes that end it, no line of its own. */
export function docstringText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, "'");
}
