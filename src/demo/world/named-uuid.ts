import { createHash } from 'node:crypto';

/** Namespaces of RFC 9562, as Python's uuid module has them. */
export const NAMESPACES: Readonly<Record<string, string>> = {
  NAMESPACE_DNS: '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
  NAMESPACE_URL: '6ba7b811-9dad-11d1-80b4-00c04fd430c8',
  NAMESPACE_OID: '6ba7b812-9dad-11d1-80b4-00c04fd430c8',
  NAMESPACE_X500: '6ba7b814-9dad-11d1-80b4-00c04fd430c8',
};

/** A UUID that stays the same for the same text. */
export function stableUuid(text: string): string {
  return namedUuid(NAMESPACES.NAMESPACE_URL, text);
}

/** UUID version 5: SHA-1 of a namespace and a name. */
export function namedUuid(namespace: unknown, name: unknown): string {
  const bytes = Buffer.from(String(namespace).replaceAll('-', ''), 'hex');
  const digest = createHash('sha1').update(bytes).update(String(name)).digest().subarray(0, 16);
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x50;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  const hex = digest.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
