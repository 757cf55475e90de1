/** A body taken out of the `aws-chunked` coding. */
export interface Unchunked {
  readonly body: Buffer;
  /** Trailing headers, names in small letters, such as `x-amz-checksum-crc32`. */
  readonly trailers: Readonly<Record<string, string>>;
}

const LINE_END = Buffer.from('\r\n');

/**
 * Decodes the `aws-chunked` content coding that S3 clients use to send a checksum behind the body
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html). Undefined when it is malformed
 * or cut short.
 */
export function unchunk(coded: Buffer): Unchunked | undefined {
  const chunks: Buffer[] = [];
  const trailers: Record<string, string> = {};
  let offset = 0;
  const line = (): string | undefined => {
    const end = coded.indexOf(LINE_END, offset);
    if (end < 0) return undefined;
    const text = coded.toString('latin1', offset, end);
    offset = end + 2;
    return text;
  };
  for (;;) {
    const head = line();
    const digits = /^([0-9a-f]+)(?:;|$)/i.exec(head ?? '')?.[1];
    if (digits === undefined) return undefined;
    const size = Number.parseInt(digits, 16);
    if (size === 0) break;
    if (offset + size + 2 > coded.length) return undefined;
    chunks.push(coded.subarray(offset, offset + size));
    offset += size + 2;
  }
  for (;;) {
    const text = line();
    if (text === undefined || text === '') break;
    const colon = text.indexOf(':');
    if (colon > 0) trailers[text.slice(0, colon).trim().toLowerCase()] = text.slice(colon + 1).trim();
  }
  return { body: Buffer.concat(chunks), trailers };
}
