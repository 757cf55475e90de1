const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** Text for an element; controls, which XML 1.0 has no way to carry, go as character references, as S3 sends them. */
function escaped(text: string): string {
  let result = '';
  for (const character of text) {
    const code = character.charCodeAt(0);
    result += code < 0x20 || code === 0x7f ? `&#x${code.toString(16)};` : (ENTITIES[character] ?? character);
  }
  return result;
}

/** An element's content: text, or elements already made by `element`. */
export type Content = string | number | boolean | readonly Markup[] | undefined;

/** XML that is already escaped. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** One element; nothing at all when its content is undefined. */
export function element(name: string, content: Content): Markup {
  if (content === undefined) return new Markup('');
  const inner = Array.isArray(content) ? content.map((part: Markup) => part.text).join('') : escaped(String(content));
  return new Markup(inner === '' ? `<${name}/>` : `<${name}>${inner}</${name}>`);
}

/** A whole document with S3's namespace. */
export function xmlDocument(name: string, content: Content): string {
  const inner = Array.isArray(content)
    ? content.map((part: Markup) => part.text).join('')
    : escaped(String(content ?? ''));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="${NAMESPACE}">${inner}</${name}>`;
}

/** Time as S3's XML has it. */
export function xmlTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** An element read from a request's body. */
export interface XmlNode {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlNode[];
}

const REFERENCES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(/&(#x[0-9a-fA-F]+|#\d+|\w+);/g, (whole, reference: string) => {
    if (reference.startsWith('#x')) return String.fromCodePoint(Number.parseInt(reference.slice(2), 16));
    if (reference.startsWith('#')) return String.fromCodePoint(Number.parseInt(reference.slice(1), 10));
    return REFERENCES[reference] ?? whole;
  });
}

/** Reads a small XML document without attributes of meaning; undefined when it is not well formed. */
export function readXml(text: string): XmlNode | undefined {
  type Open = { name: string; text: string; children: XmlNode[] };
  const stack: Open[] = [{ name: '', text: '', children: [] }];
  const pattern = /<\?[^>]*\?>|<!--[\s\S]*?-->|<(\/?)([\w:.-]+)([^>]*?)(\/?)>|([^<]+)/g;
  for (const match of text.matchAll(pattern)) {
    const [, closing, name, , selfClosing, characters] = match;
    const top = stack.at(-1);
    if (top === undefined) return undefined;
    if (characters !== undefined) {
      top.text += unescaped(characters);
    } else if (name !== undefined && closing === '/') {
      const node = stack.pop();
      const parent = stack.at(-1);
      if (node === undefined || parent === undefined || node.name !== name) return undefined;
      parent.children.push(node);
    } else if (name !== undefined && selfClosing === '/') {
      top.children.push({ name, text: '', children: [] });
    } else if (name !== undefined) {
      stack.push({ name, text: '', children: [] });
    }
  }
  return stack.length === 1 ? stack[0]?.children[0] : undefined;
}

/** The text of a child element. */
export function childText(node: XmlNode, name: string): string | undefined {
  return node.children.find((child) => child.name === name)?.text;
}
