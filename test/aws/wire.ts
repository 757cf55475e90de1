import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { vi } from 'vitest';
import { openSession, type SessionOptions } from '../../src/aws/open.ts';
import type { Session } from '../../src/aws/session.ts';

// Loading a client of the SDK takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

/** Waits until `check` passes; how long that takes on this machine is of no interest. */
export function until(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 50_000, interval: 5 });
}

/** One request as it came over the wire. */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** What to answer; a function that is given the raw response may also hang, cut or stall it. */
export type Reply =
  | { readonly status?: number; readonly headers?: Record<string, string>; readonly body?: string }
  | ((response: ServerResponse) => void);

/** A server that speaks just enough HTTP for one test. */
export interface Wire {
  readonly url: string;
  readonly port: number;
  readonly requests: WireRequest[];
  close(): Promise<void>;
}

/** Starts a server on loopback that answers with what `reply` says, the number of the request from 0. */
export async function startWire(reply: (request: WireRequest, index: number) => Reply): Promise<Wire> {
  const requests: WireRequest[] = [];
  const server = createServer((incoming: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const request = {
        method: incoming.method ?? '',
        url: incoming.url ?? '',
        headers: incoming.headers as Record<string, string | undefined>,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      requests.push(request);
      const answer = reply(request, requests.length - 1);
      if (typeof answer === 'function') {
        answer(response);
        return;
      }
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/x-amz-json-1.1', ...answer.headers });
      response.end(answer.body ?? '{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Keys that the tests sign with. */
export const KEYS = { accessKeyId: 'AKIADEMOADMIN0000000', secretAccessKey: 'test' };

/** A session against an endpoint, with fixed keys and nothing of the machine's AWS configuration. */
export function sessionAt(endpoint: string, options: SessionOptions = {}): Promise<Session> {
  return openSession({ endpoint, region: 'eu-west-1', credentials: KEYS, ...options });
}

/** An error answer of the JSON protocols. */
export function jsonError(code: string, message: string, status = 400): Reply {
  return { status, headers: { 'x-amzn-requestid': 'r-1' }, body: JSON.stringify({ __type: code, message }) };
}

/** An error answer of S3. */
export function xmlError(code: string, message: string, status: number, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/xml', ...headers },
    body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message><RequestId>r</RequestId></Error>`,
  };
}

/** What a promise was rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('was not rejected');
}
