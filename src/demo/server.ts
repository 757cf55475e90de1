import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from './clock.ts';
import { answerControl } from './control.ts';
import { Dispatcher, type Ending } from './dispatch.ts';
import { unchunk } from './protocols/aws-chunked.ts';
import type { Region } from './region.ts';
import type { WireAnswer } from './wire.ts';

/** Largest request body taken, in bytes; a plugins.zip is the largest thing that anyone uploads. */
const BODY_LIMIT = 256 * 1024 * 1024;

/** The region's one port: loopback only, whatever reaches it goes to the control paths or the dispatcher. */
export class RegionServer {
  readonly #clock: Clock;
  readonly #server: Server;
  #dispatcher: Dispatcher | undefined;
  #region: Region | undefined;
  #port = 0;
  #sequence = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch(() => response.destroy());
    });
    // Clients keep connections for reuse; closing idle ones early would race with their next request.
    this.#server.keepAliveTimeout = 120_000;
  }

  /** Takes the port; rejects with the system's error when it is in use. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        this.#port = (this.#server.address() as AddressInfo).port;
        resolve(this.#port);
      });
    });
  }

  /** Opens the door: until then requests are answered 503. */
  serve(region: Region): void {
    this.#region = region;
    this.#dispatcher = new Dispatcher(region);
  }

  /** Frees the port and drops every connection, also those that wait for an answer that never comes. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const host = this.#admitted(request);
    if (host === undefined) {
      this.#send(request, response, plain(403, 'Only this machine may ask, by a loopback name.\n'));
      return;
    }
    const region = this.#region;
    const dispatcher = this.#dispatcher;
    if (region === undefined || dispatcher === undefined) {
      this.#send(request, response, plain(503, 'The region is starting.\n'));
      return;
    }
    const raw = await readBody(request);
    if (raw === undefined) {
      this.#send(request, response, plain(413, 'The body is too large.\n'));
      return;
    }
    const [path = '/', ...rest] = (request.url ?? '/').split('?');
    const query = new URLSearchParams(rest.join('?'));
    const method = request.method ?? 'GET';
    const headers = headersOf(request);
    if (path === '/_demo' || path.startsWith('/_demo/')) {
      this.#send(request, response, answerControl(region, dispatcher, { method, path, query, body: raw }));
      return;
    }
    const coded = headers['content-encoding']?.includes('aws-chunked') === true;
    const chunked = coded || headers['x-amz-content-sha256']?.startsWith('STREAMING-') === true;
    const unchunked = chunked ? unchunk(raw) : { body: raw, trailers: {} };
    if (unchunked === undefined) {
      this.#send(request, response, plain(400, 'The aws-chunked body is malformed.\n'));
      return;
    }
    const ending = await dispatcher.dispatch({
      id: this.#requestId(),
      method,
      path,
      query,
      headers: { ...headers, ...unchunked.trailers },
      body: unchunked.body,
      bucketHost: /^(.+)\.localhost$/.exec(host)?.[1],
    });
    this.#end(request, response, ending);
  }

  /**
   * The host's name when the request comes from this machine, by a loopback name and this port, and not
   * from a web page of elsewhere; a name that an attacker's DNS points here is refused.
   */
  #admitted(request: IncomingMessage): string | undefined {
    const peer = request.socket.remoteAddress ?? '';
    if (!/^(127\.|::1$|::ffff:127\.)/.test(peer)) return undefined;
    const match = /^(\[::1\]|[^:]+)(?::(\d+))?$/.exec((request.headers.host ?? '').toLowerCase());
    const host = match?.[1];
    if (host === undefined || Number(match?.[2] ?? 80) !== this.#port) return undefined;
    if (!/^(127\.0\.0\.1|\[::1\]|localhost|.+\.localhost)$/.test(host)) return undefined;
    const origin = request.headers.origin;
    if (origin !== undefined && origin !== `http://${request.headers.host}`) return undefined;
    return host;
  }

  #end(request: IncomingMessage, response: ServerResponse, ending: Ending): void {
    if (ending === 'silence') return;
    if (ending === 'cut') {
      request.socket.destroy();
      return;
    }
    if (ending.cut) {
      const body = Buffer.from(ending.answer.body ?? '');
      response.writeHead(ending.answer.status, { ...ending.answer.headers, 'content-length': body.length + 1 });
      response.write(body.subarray(0, Math.ceil(body.length / 2)), () => request.socket.destroy());
      return;
    }
    this.#send(request, response, ending.answer);
  }

  #send(request: IncomingMessage, response: ServerResponse, answer: WireAnswer): void {
    const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : (answer.body ?? Buffer.alloc(0));
    const bodiless = answer.status === 204 || answer.status === 304;
    response.writeHead(answer.status, {
      date: new Date(this.#clock.now()).toUTCString(),
      server: 'mwaa-console-demo',
      ...(bodiless ? {} : { 'content-length': body.length }),
      ...answer.headers,
    });
    response.end(request.method === 'HEAD' || bodiless ? undefined : body);
  }

  /** A UUID for each request; not from the region's random numbers, which the order of requests would disturb. */
  #requestId(): string {
    this.#sequence += 1;
    const digits = createHash('sha1').update(`${this.#port}:${this.#sequence}`).digest('hex');
    const parts = [digits.slice(0, 8), digits.slice(8, 12), `4${digits.slice(13, 16)}`, `8${digits.slice(17, 20)}`];
    return [...parts, digits.slice(20, 32)].join('-');
  }
}

function plain(status: number, body: string): WireAnswer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', connection: 'close' }, body };
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return headers;
}

/** The whole body, or undefined when it is larger than the region takes. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
