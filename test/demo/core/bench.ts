import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll } from 'vitest';
import { type RegionOptions, type RunningRegion, startRegion } from '../../../src/demo/region.ts';
import { HandClock } from '../../support/hand-clock.ts';

/** 2026-11-22T12:00:00Z, when the regions of these tests begin. */
export const NOON = Date.UTC(2026, 10, 22, 12);

/** A region for all tests of a file on a clock that stands still; `running` is there once they run. */
export function regionOfFile(options: RegionOptions = {}): { running: RunningRegion; readonly clock: HandClock } {
  const clock = new HandClock(NOON);
  const bench = { running: undefined as unknown as RunningRegion, clock };
  beforeAll(async () => {
    bench.running = await startRegion({ clock, ...options });
  }, 60_000);
  afterAll(() => bench.running.close());
  return bench;
}

/** What every SDK client of these tests is made with: no retries, so that each answer is seen. */
export function clientOptions(running: RunningRegion, accessKeyId = 'test', region = 'eu-west-1') {
  return {
    endpoint: running.url,
    region,
    maxAttempts: 1,
    disableHostPrefix: true,
    credentials: { accessKeyId, secretAccessKey: 'secret' },
  };
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** One request with exactly these headers, as no SDK would send it. */
export function send(
  running: RunningRegion,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port: running.port, path, method: options.method ?? 'GET', headers: options.headers ?? {} },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const body = Buffer.concat(chunks).toString('utf8');
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        });
      },
    );
    request.on('error', reject);
    request.end(options.body);
  });
}

/** An Authorization header that names a key, a region and a service; the region does not check the rest. */
export function signed(service: string, accessKeyId = 'test', region = 'eu-west-1'): string {
  const scope = `${accessKeyId}/20261122/${region}/${service}/aws4_request`;
  return `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=00`;
}

/** One AWS JSON request. */
export function sendJson(
  running: RunningRegion,
  service: string,
  target: string,
  body: string,
  headers: Record<string, string> = { authorization: signed(service) },
): Promise<RawAnswer> {
  return send(running, '/', {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target, ...headers },
    body,
  });
}

/** One request of a query protocol. */
export function sendForm(running: RunningRegion, service: string, form: Record<string, string>): Promise<RawAnswer> {
  return send(running, '/', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', authorization: signed(service) },
    body: new URLSearchParams(form).toString(),
  });
}

/** Asks one of the `/_demo/` paths and reads its JSON. */
export async function control(
  running: RunningRegion,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; value: unknown }> {
  const answer = await send(running, `/_demo/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, value: JSON.parse(answer.body) };
}
