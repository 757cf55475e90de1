const LONGEST = 2048;

/**
 * The address of a link that a terminal may open, or undefined when it should not: only https, without
 * credentials, control characters or excess length.
 */
export function safeLink(address: string): string | undefined {
  if (address.length > LONGEST || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '') return undefined;
  return /^[\x21-\x7e]+$/.test(url.href) ? url.href : undefined;
}

/**
 * Text that opens an address (OSC 8, ended by BEL, which survives Ink's wrapping); the text alone when the
 * address is not safe. The text itself must be printable already, or painted.
 */
export function link(text: string, address: string): string {
  const safe = safeLink(address);
  return safe === undefined ? text : `\x1b]8;;${safe}\x07${text}\x1b]8;;\x07`;
}
