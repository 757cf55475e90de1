import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { networkFailure } from '../../src/aws/network-failure.ts';
import { proxyFor } from '../../src/aws/proxy.ts';
import { CERTIFICATE, KEY } from './certificate.ts';
import { KEYS, rejection, sessionAt, startWire } from './wire.ts';

let folder: string;
let bundle: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mwaa-console-'));
  bundle = join(folder, 'ca.pem');
  writeFileSync(bundle, CERTIFICATE);
});

afterAll(() => rmSync(folder, { recursive: true }));

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** An environment with keys, and nothing of this machine's. */
function environment(more: Record<string, string>): NodeJS.ProcessEnv {
  return {
    AWS_ACCESS_KEY_ID: KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
    AWS_CONFIG_FILE: join(folder, 'none'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
    AWS_REGION: 'eu-west-1',
    ...more,
  };
}

test('a refused connection', async () => {
  const wire = await startWire(() => ({}));
  await wire.close();
  const error = await rejection((await sessionAt(wire.url)).ecs.listClusters({}));
  expect(error).toMatchObject({ kind: 'unreachable', code: 'ECONNREFUSED', resource: wire.url, exitCode: 1 });
  expect(error).toMatchObject({ message: `Cannot reach ECS at ${wire.url}: the connection is refused.` });
});

test('a name that does not resolve', async () => {
  const error = await rejection((await sessionAt('http://nothing.invalid')).ecs.listClusters({}));
  expect(error).toMatchObject({
    kind: 'unreachable',
    message: expect.stringMatching(/does not resolve|DNS does not answer/),
  });
});

test("a region without the service's endpoint is named", () => {
  const error = Object.assign(new Error('getaddrinfo ENOTFOUND'), {
    code: 'ENOTFOUND',
    hostname: 'ecs.eu-nowhere-9.amazonaws.com',
  });
  const failure = networkFailure(error, { title: 'ECS', region: 'eu-nowhere-9', endpoint: undefined });
  expect(failure?.message).toBe(
    'Cannot reach ECS in eu-nowhere-9 (ecs.eu-nowhere-9.amazonaws.com): the name does not resolve.',
  );
  expect(failure?.advice).toContain('Is "eu-nowhere-9" the right region');
});

test('no answer in time, asked once', async () => {
  const wire = await startWire(() => () => {});
  const session = await sessionAt(wire.url, { timeouts: { request: 60 } });
  expect(await rejection(session.ecs.listClusters({}))).toMatchObject({
    kind: 'unreachable',
    message: expect.stringContaining('no answer in time'),
  });
  expect(session.calls).toMatchObject([{ attempts: 1 }]);
  await wire.close();
});

test('a cut connection is tried again for a read, and said of a write', async () => {
  const wire = await startWire((_, index) => (index === 1 ? { body: '{}' } : (response) => response.destroy()));
  const session = await sessionAt(wire.url);
  await session.ecs.listClusters({});
  expect(wire.requests).toHaveLength(2);
  const error = await rejection(session.ecs.createCluster({ clusterName: 'c' }));
  expect(error).toMatchObject({ kind: 'unreachable', advice: expect.stringMatching(/^It may have been carried out/) });
  expect(wire.requests).toHaveLength(3);
  await wire.close();
});

test('a certificate that nobody vouches for, and the bundle that does', async () => {
  const server = createTlsServer({ cert: CERTIFICATE, key: KEY }, (_, response) => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end('{"clusterArns":["a"]}');
  });
  const endpoint = `https://localhost:${await listening(server)}`;
  const open = (more: Record<string, string>) =>
    sessionAt(endpoint, { credentials: undefined, environment: environment(more) });
  const error = await rejection((await open({})).ecs.listClusters({}));
  expect(error).toMatchObject({
    kind: 'unreachable',
    message: expect.stringContaining('not trusted'),
    advice: expect.stringContaining('AWS_CA_BUNDLE'),
  });
  for (const variable of ['AWS_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS']) {
    const session = await open({ [variable]: bundle });
    expect(await session.ecs.listClusters({})).toMatchObject({ clusterArns: ['a'] });
    session.close();
  }
  const profile = join(folder, 'config');
  writeFileSync(profile, `[default]\nca_bundle = ${bundle}\n`);
  const session = await open({ AWS_CONFIG_FILE: profile });
  expect(await session.ecs.listClusters({})).toMatchObject({ clusterArns: ['a'] });
  session.close();
  server.close();
});

test('a CA bundle that is none names the file', async () => {
  const wire = await startWire(() => ({}));
  const missing = join(folder, 'missing.pem');
  const session = await sessionAt(wire.url, {
    credentials: undefined,
    environment: environment({ AWS_CA_BUNDLE: missing }),
  });
  expect(await rejection(session.ecs.listClusters({}))).toMatchObject({ kind: 'invalid-input', resource: missing });
  writeFileSync(missing, CERTIFICATE);
  await session.ecs.listClusters({});
  session.close();
  await wire.close();
});

interface Proxy {
  readonly port: number;
  readonly connects: string[];
  readonly authorizations: (string | undefined)[];
  close(): void;
}

/** A proxy that connects everything to one port of this machine, or refuses with a status. */
async function startProxy(target: number, status = 200): Promise<Proxy> {
  const connects: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const server = createServer();
  server.on('connect', (request, socket) => {
    connects.push(request.url ?? '');
    authorizations.push(request.headers['proxy-authorization']);
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      return;
    }
    const onward = connect(target, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  const port = await listening(server);
  return {
    port,
    connects,
    authorizations,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

test('requests go through the proxy by CONNECT, with its user and password, except for NO_PROXY', async () => {
  const wire = await startWire(() => ({ body: '{"clusterArns":["a"]}' }));
  const proxy = await startProxy(wire.port);
  const proxied = await sessionAt('http://aws.test:8080', {
    credentials: undefined,
    environment: environment({ http_proxy: `http://jane:s%40fe@127.0.0.1:${proxy.port}` }),
  });
  expect(await proxied.ecs.listClusters({})).toMatchObject({ clusterArns: ['a'] });
  expect(proxy.connects).toEqual(['aws.test:8080']);
  expect(proxy.authorizations).toEqual([`Basic ${Buffer.from('jane:s@fe').toString('base64')}`]);
  proxied.close();
  const direct = await sessionAt(wire.url, {
    credentials: undefined,
    environment: environment({ HTTP_PROXY: `http://127.0.0.1:${proxy.port}` }),
  });
  await direct.ecs.listClusters({});
  expect(proxy.connects).toHaveLength(1);
  direct.close();
  proxy.close();
  await wire.close();
});

test('TLS through the proxy checks the certificate of the service', async () => {
  const server = createTlsServer({ cert: CERTIFICATE, key: KEY }, (_, response) => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end('{"clusterArns":["a"]}');
  });
  const proxy = await startProxy(await listening(server));
  const HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`;
  const open = (host: string, more: Record<string, string>) =>
    sessionAt(`https://${host}`, { credentials: undefined, environment: environment({ HTTPS_PROXY, ...more }) });
  const trusted = await open('aws.test', { AWS_CA_BUNDLE: bundle });
  expect(await trusted.ecs.listClusters({})).toMatchObject({ clusterArns: ['a'] });
  expect(proxy.connects).toEqual(['aws.test:443']);
  trusted.close();
  const untrusted = await open('aws.test', {});
  expect(await rejection(untrusted.ecs.listClusters({}))).toMatchObject({
    kind: 'unreachable',
    message: expect.stringContaining('not trusted'),
  });
  untrusted.close();
  const other = await open('other.test', { AWS_CA_BUNDLE: bundle });
  expect(await rejection(other.ecs.listClusters({}))).toMatchObject({
    kind: 'unreachable',
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
  });
  other.close();
  proxy.close();
  server.close();
  server.closeAllConnections();
});

test('a proxy that is not there is told apart from AWS', async () => {
  const session = await sessionAt('http://aws.test', {
    credentials: undefined,
    environment: environment({ HTTP_PROXY: 'http://127.0.0.1:1' }),
  });
  expect(await rejection(session.ecs.listClusters({}))).toMatchObject({
    kind: 'unreachable',
    message: expect.stringContaining('the proxy itself cannot be reached (ECONNREFUSED)'),
    advice: expect.stringContaining('HTTPS_PROXY'),
  });
  session.close();
});

test.each([
  [407, 'the proxy wants a user and password'],
  [403, 'the proxy answered 403'],
])('a proxy that answers %i is told apart from AWS', async (status, text) => {
  const proxy = await startProxy(1, status);
  const session = await sessionAt('http://aws.test', {
    credentials: undefined,
    environment: environment({ HTTP_PROXY: `http://127.0.0.1:${proxy.port}` }),
  });
  const error = await rejection(session.ecs.listClusters({}));
  expect(error).toMatchObject({ kind: 'unreachable', message: expect.stringContaining(text) });
  expect(error).toMatchObject({ message: expect.stringContaining(`through the proxy 127.0.0.1:${proxy.port}`) });
  session.close();
  proxy.close();
});

test.each([
  ['https://ecs.eu-west-1.amazonaws.com', {}, undefined],
  ['https://ecs.eu-west-1.amazonaws.com', { HTTPS_PROXY: 'http://p:1' }, 'http://p:1/'],
  [
    'https://ecs.eu-west-1.amazonaws.com',
    { https_proxy: 'http://small:1', HTTPS_PROXY: 'http://p:1' },
    'http://small:1/',
  ],
  ['https://ecs.eu-west-1.amazonaws.com', { HTTP_PROXY: 'http://p:1' }, undefined],
  ['https://ecs.eu-west-1.amazonaws.com', { ALL_PROXY: 'p:1' }, 'http://p:1/'],
  ['https://ecs.eu-west-1.amazonaws.com', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '*' }, undefined],
  ['https://ecs.eu-west-1.amazonaws.com', { HTTPS_PROXY: 'http://p:1', no_proxy: 'x, .amazonaws.com' }, undefined],
  ['https://ecs.eu-west-1.amazonaws.com', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'amazonaws.com:443' }, undefined],
  ['https://ecs.eu-west-1.amazonaws.com', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'amazonaws.com:8443' }, 'http://p:1/'],
  ['https://ecs.eu-west-1.amazonaws.com', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'naws.com' }, 'http://p:1/'],
  ['https://10.1.2.3', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '10.0.0.0/8' }, undefined],
  ['https://11.1.2.3', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '10.0.0.0/8,10.1.2.3' }, 'http://p:1/'],
  ['https://[fd00::1]', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'fd00::/8' }, undefined],
  ['http://127.0.0.1:4599', { HTTP_PROXY: 'http://p:1' }, undefined],
  ['http://localhost:4599', { HTTP_PROXY: 'http://p:1' }, undefined],
] as [string, NodeJS.ProcessEnv, string | undefined][])('the proxy for %s with %o', (text, variables, expected) => {
  const url = new URL(text);
  const target = {
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port === '' ? {} : { port: Number(url.port) }),
  };
  expect(proxyFor(target, variables)?.href).toBe(expected);
});

test('a proxy that is no http proxy is bad usage', () => {
  const use = () => proxyFor({ protocol: 'https:', hostname: 'x' }, { HTTPS_PROXY: 'socks5://p:1' });
  expect(use).toThrow(expect.objectContaining({ kind: 'usage', resource: 'HTTPS_PROXY' }));
});
