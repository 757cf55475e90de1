import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, scaledClock } from '../../src/aws/clock.ts';
import { Failure } from '../../src/text/failure.ts';
import { FakeLogService, seeded } from './fake-log-service.ts';

/** The fake service behind HTTP, for a reader that is a process of its own. */
export interface FakeLogServer {
  readonly url: string;
  readonly service: FakeLogService;
  /** Time runs `speed` times as fast as the wall's; the product asks for it as of an embedded region. */
  readonly clock: Clock;
  close(): Promise<void>;
}

const CODES: Partial<Record<Failure['kind'], string>> = {
  throttled: 'ThrottlingException',
  'invalid-request': 'InvalidParameterException',
  'not-found': 'ResourceNotFoundException',
  expired: 'ExpiredTokenException',
};

/** Starts the service on a free port of this machine. */
export async function startFakeLogServer(seed: number, speed: number): Promise<FakeLogServer> {
  const clock = scaledClock(speed);
  const service = new FakeLogService(clock, seeded(seed));
  const server = createServer(async (request, response) => {
    if (request.url === '/_demo/clock') {
      response.end(JSON.stringify({ now: clock.now(), speed }));
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    try {
      response.end(JSON.stringify(await service.filter(JSON.parse(Buffer.concat(chunks).toString('utf8')))));
    } catch (error) {
      const code = error instanceof Failure ? CODES[error.kind] : undefined;
      if (code === undefined) {
        request.socket.destroy();
        return;
      }
      response.statusCode = 400;
      response.end(JSON.stringify({ __type: code, message: (error as Failure).message }));
    }
  });
  await listening(server);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    service,
    clock,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
}
