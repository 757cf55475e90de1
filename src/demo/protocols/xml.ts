const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

/** Text of an XML element; characters that XML 1.0 can't hold become U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .replace(/[&<>"\r]/g, (character) => ESCAPES[character] ?? character)
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
}

/**
 * An element: structures become child elements, a list one `<item>` each (`item` is `member` in the query
 * protocol), a Date ISO 8601, undefined nothing.
 */
export function element(name: string, value: unknown, item: string): string {
  if (value === undefined || value === null) return '';
  return `<${name}>${content(value, item)}</${name}>`;
}

/** What stands inside an element. */
export function content(value: unknown, item: string): string {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((entry) => element(item, entry, item)).join('');
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([name, member]) => element(name, member, item))
      .join('');
  }
  return escapeXml(String(value));
}
