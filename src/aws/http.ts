import { type IncomingMessage, Agent as PlainAgent, request as plainRequest, type RequestOptions } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import { proxyFor } from './proxy.ts';

/** A request to a server that is not AWS's API: OpenMetadata, an environment's web server. */
export interface HttpRequest {
  readonly url: URL;
  readonly method?: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Where proxies are named; the process's own when absent. */
  readonly environment?: NodeJS.ProcessEnv | undefined;
  readonly signal: AbortSignal;
}

/** What such a server answered. */
export interface HttpAnswer {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: string;
}

/** An answer that is longer is none of ours, bytes. */
const LONGEST = 8 * 1024 * 1024;

/** Sends one request, through a proxy where the environment names one, and reads the whole answer. Rejects with Node's errors. */
export async function sendHttp(request: HttpRequest): Promise<HttpAnswer> {
  const { url, method = 'GET', headers, body, signal } = request;
  const secure = url.protocol === 'https:';
  const settings: RequestOptions = {
    // Sockets of our own: the process's may be told to go through a proxy that loopback must not see.
    agent: await agentFor(url, request.environment ?? process.env),
    method,
    signal,
    headers,
  };
  return new Promise((resolve, reject) => {
    const answered = (answer: IncomingMessage) => {
      const chunks: Buffer[] = [];
      let length = 0;
      answer.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > LONGEST) answer.destroy(new Error('the answer is longer than 8 MB'));
        else chunks.push(chunk);
      });
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: answer.statusCode ?? 0, location: answer.headers.location, body: text });
      });
    };
    const sent = secure ? secureRequest(url, settings, answered) : plainRequest(url, settings, answered);
    sent.on('error', reject);
    sent.end(body);
  });
}

async function agentFor(url: URL, environment: NodeJS.ProcessEnv): Promise<PlainAgent> {
  const secure = url.protocol === 'https:';
  const port = url.port === '' ? undefined : Number(url.port);
  const proxy = proxyFor({ protocol: url.protocol, hostname: url.hostname, port }, environment);
  if (proxy === undefined) return secure ? new SecureAgent({ keepAlive: false }) : new PlainAgent({ keepAlive: false });
  const { HttpProxyAgent, HttpsProxyAgent } = await import('hpagent');
  return secure ? new HttpsProxyAgent({ keepAlive: false, proxy }) : new HttpProxyAgent({ keepAlive: false, proxy });
}
