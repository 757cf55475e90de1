import { Readable } from 'node:stream';

interface Streaming {
  transformToByteArray(): Promise<Uint8Array>;
}

/**
 * Reads an output's body (S3 GetObject) to its end, in place, so that the call's signal, time-outs, repeats
 * and error translation cover the body too. The objects that the product reads are small: DAG files,
 * requirements, records and journals.
 */
export async function bufferBody(output: object): Promise<void> {
  if (!('Body' in output) || !isStreaming(output.Body)) return;
  const bytes = await output.Body.transformToByteArray();
  output.Body = Object.assign(Readable.from([bytes], { objectMode: false }), {
    transformToByteArray: async () => bytes,
    transformToString: async (encoding: BufferEncoding = 'utf8') => Buffer.from(bytes).toString(encoding),
    transformToWebStream: () => new Blob([new Uint8Array(bytes)]).stream(),
  });
}

function isStreaming(body: unknown): body is Streaming {
  return typeof body === 'object' && body !== null && 'transformToByteArray' in body;
}
