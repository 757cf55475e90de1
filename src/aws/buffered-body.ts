import { Readable } from 'node:stream';

interface Streaming {
  transformToByteArray(): Promise<Uint8Array>;
}

/**
 * An answer whose body (S3 GetObject) has been read to its end, so that the call's signal, time-outs and
 * error translation cover the body too. The objects that the product reads are small: DAG files,
 * requirements, records and journals.
 */
export async function buffered(answer: object): Promise<object> {
  if (!('Body' in answer) || !isStreaming(answer.Body)) return answer;
  const bytes = await answer.Body.transformToByteArray();
  const body = Object.assign(Readable.from([bytes], { objectMode: false }), {
    transformToByteArray: async () => bytes,
    transformToString: async (encoding: BufferEncoding = 'utf8') => Buffer.from(bytes).toString(encoding),
    transformToWebStream: () => new Blob([new Uint8Array(bytes)]).stream(),
  });
  // The same object, since what is known of an answer (its date) is kept by identity.
  return Object.assign(answer, { Body: body });
}

function isStreaming(body: unknown): body is Streaming {
  return typeof body === 'object' && body !== null && 'transformToByteArray' in body;
}
