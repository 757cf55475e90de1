import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ingestionPipelines, pipelineStatuses, statusesFrom } from '../../src/openmetadata/pipeline-statuses.ts';
import { serverHealth, serverVersion } from '../../src/openmetadata/server.ts';

const servers: Server[] = [];

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const options = () => ({ signal: new AbortController().signal });

describe('the version of a server', () => {
  it('is asked below hostPort, with or without a slash at its end', async () => {
    const asked: (string | undefined)[] = [];
    const api = await serve((request, response) => {
      asked.push(request.url, request.headers.authorization);
      response.end('{"version":"1.12.8","revision":"abc","timestamp":1}');
    });
    expect(await serverVersion(api, options())).toBe('1.12.8');
    expect(await serverVersion(`${api}/`, options())).toBe('1.12.8');
    expect(asked).toEqual(['/api/v1/system/version', undefined, '/api/v1/system/version', undefined]);
  });

  it('never goes through a proxy on this machine', async () => {
    const api = await serve((_, response) => response.end('{"version":"2.0.1"}'));
    const environment = { HTTP_PROXY: 'http://127.0.0.1:1', HTTPS_PROXY: 'http://127.0.0.1:1' };
    expect(await serverVersion(api, { ...options(), environment })).toBe('2.0.1');
  });

  it('goes through the proxy elsewhere', async () => {
    const api = new URL(
      await serve((request, response) => response.end(JSON.stringify({ version: request.headers.host }))),
    );
    const proxy = new URL(await serve(() => {}));
    const tunnels: (string | undefined)[] = [];
    servers.at(-1)?.on('connect', (request, socket) => {
      tunnels.push(request.url);
      const upstream = connect(Number(api.port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
    });
    const environment = { HTTP_PROXY: proxy.origin };
    const version = await serverVersion('http://openmetadata.example.com/api', { ...options(), environment });
    expect([version, tunnels]).toEqual(['openmetadata.example.com', ['openmetadata.example.com:80']]);
  });

  it('follows the server where it has moved, without carrying the token elsewhere', async () => {
    const elsewhere = await serve((request, response) => {
      response.end(JSON.stringify({ version: request.headers.authorization ?? 'no token' }));
    });
    const api = await serve((_, response) =>
      response.writeHead(302, { location: `${elsewhere}/v1/system/version` }).end(),
    );
    expect(await serverVersion(api, { ...options(), token: 'secret' })).toBe('no token');
  });

  it.each([
    [200, '<html>the web interface</html>', 'service'],
    [200, '{}', 'service'],
    [401, '', 'denied'],
    [404, 'not here', 'not-found'],
    [503, 'starting', 'service'],
  ])('%d %s is told as what it is', async (status, body, kind) => {
    const api = await serve((_, response) => response.writeHead(status).end(body));
    await expect(serverVersion(api, options())).rejects.toMatchObject({ kind, advice: expect.stringMatching(/./) });
  });

  it('is unreachable where nobody listens, where nobody answers in time and where the line breaks', async () => {
    const silent = await serve(() => {});
    const broken = await serve((request) => request.socket.destroy());
    await expect(serverVersion('http://127.0.0.1:1/api', options())).rejects.toMatchObject({
      kind: 'unreachable',
      code: 'ECONNREFUSED',
    });
    await expect(serverVersion(silent, { ...options(), timeout: 20 })).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('did not answer in time'),
    });
    await expect(serverVersion(broken, options())).rejects.toMatchObject({ kind: 'unreachable' });
  });

  it('ends with its reader', async () => {
    const controller = new AbortController();
    const api = await serve(() => controller.abort(new Error('left')));
    await expect(serverVersion(api, { signal: controller.signal })).rejects.toThrow('left');
    await expect(serverVersion(api, { signal: controller.signal })).rejects.toThrow('left');
  });

  it.each(['openmetadata.example.com', 'ftp://x/api', ''])('refuses the address %j', async (address) => {
    await expect(serverVersion(address, options())).rejects.toMatchObject({ kind: 'invalid-input' });
  });
});

describe('the health of a server', () => {
  const healthOf = async (status: number, body: string, version?: string) => {
    const api = await serve((request, response) => {
      const health = request.url?.endsWith('/health') === true;
      if (health) response.writeHead(status).end(body);
      else response.writeHead(version === undefined ? 500 : 200).end(JSON.stringify({ version }));
    });
    return serverHealth(api, options());
  };

  it('is what it says', async () => {
    expect(await healthOf(200, '{"status":"healthy"}')).toEqual({ healthy: true, detail: 'healthy' });
    expect(await healthOf(200, '{"status":"DOWN"}')).toEqual({ healthy: false, detail: 'DOWN' });
    expect(await healthOf(200, '{"database":{"passed":true},"search":{"passed":false}}')).toEqual({
      healthy: false,
      detail: 'not well: search',
    });
    expect(await healthOf(200, '"OK"')).toEqual({ healthy: true, detail: 'answers' });
  });

  it('is its version where it has no health document', async () => {
    expect(await healthOf(404, '', '1.5.0')).toEqual({ healthy: true, detail: 'version 1.5.0' });
    expect((await healthOf(404, '')).healthy).toBe(false);
  });

  it('is bad where nobody listens', async () => {
    expect(await serverHealth('http://127.0.0.1:1/api', options())).toMatchObject({ healthy: false });
  });
});

describe('ingestion pipelines', () => {
  const status = (runId: string, timestamp: number) => ({
    runId,
    pipelineState: 'success',
    startDate: timestamp - 10,
    endDate: timestamp,
    timestamp,
  });

  it('are read page by page, with statuses of old servers and new', async () => {
    const api = await serve((request, response) => {
      const url = new URL(request.url ?? '', 'http://x');
      const second = url.searchParams.get('after') === 'next';
      const data = second
        ? [
            {
              fullyQualifiedName: 'b.m',
              pipelineType: 'metadata',
              pipelineStatuses: [status('1', 100), status('2', 200)],
            },
          ]
        : [{ fullyQualifiedName: 'a.m', pipelineType: 'usage', enabled: true, pipelineStatuses: status('0', 50) }];
      response.end(
        JSON.stringify({ data, paging: second ? {} : { after: 'next' }, token: request.headers.authorization }),
      );
    });
    const found = await ingestionPipelines(api, { ...options(), token: 't' });
    expect(
      found.map(({ fullyQualifiedName, statuses }) => [fullyQualifiedName, statuses.map(({ runId }) => runId)]),
    ).toEqual([
      ['a.m', ['0']],
      ['b.m', ['2', '1']],
    ]);
  });

  it('have runs between two times', async () => {
    let asked: string | undefined;
    const api = await serve((request, response) => {
      asked = request.url;
      response.end(
        JSON.stringify({ data: [{ ...status('1', 100), status: [{ name: 'Source', records: 3, errors: 1 }] }] }),
      );
    });
    const [run] = await pipelineStatuses(api, 'my service.metadata', { from: 1, to: 2 }, options());
    expect(asked).toBe('/api/v1/services/ingestionPipelines/my%20service.metadata/pipelineStatus?startTs=1&endTs=2');
    expect(run?.steps).toEqual([
      { name: 'Source', records: 3, updatedRecords: undefined, warnings: undefined, errors: 1, filtered: undefined },
    ]);
  });

  it('may have none', () => {
    expect(statusesFrom(undefined)).toEqual([]);
    expect(statusesFrom(['x'])).toEqual([]);
  });
});
