/** Messages of PostgreSQL's protocol 3.0, the server's side (postgresql.org/docs, protocol-message-formats). */

/** A message: its type and its content, the length put between them. */
function message(type: string, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(type), int32(content.length + 4), content]);
}

/** What the server asks of a login: 0 all is well, 10 SASL and its mechanisms, 11 go on, 12 the end. */
export function authentication(kind: 0 | 10 | 11 | 12, content: Buffer = Buffer.alloc(0)): Buffer {
  return message('R', int32(kind), content);
}

/** A setting that the client is told. */
export function parameterStatus(name: string, value: string): Buffer {
  return message('S', text(name), text(value));
}

export function backendKey(pid: number, key: number): Buffer {
  return message('K', int32(pid), int32(key));
}

/** Ready for a query; `I` outside of a transaction, `T` in one, `E` in one that failed. */
export function ready(state: 'I' | 'T' | 'E'): Buffer {
  return message('Z', Buffer.from(state));
}

/** A refusal with its SQLSTATE. */
export function failure(severity: 'ERROR' | 'FATAL', code: string, reason: string): Buffer {
  const fields = { S: severity, V: severity, C: code, M: reason };
  return message(
    'E',
    ...Object.entries(fields).map(([field, value]) => Buffer.concat([Buffer.from(field), text(value)])),
    Buffer.from([0]),
  );
}

/** The answer of a query: one text column, or none for a command. */
export function answer(tag: string, column?: string, rows: readonly string[] = []): Buffer {
  const complete = message('C', text(tag));
  if (column === undefined) return complete;
  // Table 0, column 0, type text (25), any length, no modifier, in text form.
  const type = Buffer.concat([int32(0), int16(0), int32(25), int16(-1), int32(-1), int16(0)]);
  const description = message('T', int16(1), text(column), type);
  const data = rows.map((row) => {
    const value = Buffer.from(row);
    return message('D', int16(1), int32(value.length), value);
  });
  return Buffer.concat([description, ...data, complete]);
}

export function emptyQuery(): Buffer {
  return message('I');
}

/** A text with the zero byte that ends it. */
export function text(value: string): Buffer {
  return Buffer.from(`${value}\0`);
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
