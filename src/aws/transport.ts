import { readFile } from 'node:fs/promises';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { createSecureContext, rootCertificates } from 'node:tls';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { Failure } from '../text/failure.ts';
import { proxyFor, rememberProxy } from './proxy.ts';

/** How long one attempt may take, in ms of the wall clock: the network is real whatever the session's clock says. */
export interface Timeouts {
  /** Until the connection stands. */
  readonly connection: number;
  /** Until the answer's head is there, and between two pieces of its body. */
  readonly request: number;
}

/** What carries the requests of every client, the ones that fetch credentials included. */
export type Transport = Pick<
  NodeHttpHandler,
  'handle' | 'destroy' | 'metadata' | 'updateHttpClientConfig' | 'httpHandlerConfigs'
>;

/** Sockets to one host at most; the SDK's own default. */
const SOCKETS = 50;

/** The SDK warns on the console when it has no other logger, which would tear the screen. */
export const silentLogger = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/**
 * Opens the transport: keep-alive, time-outs, and what the SDK leaves to us (facts: it ignores
 * HTTPS_PROXY, AWS_CA_BUNDLE and ca_bundle). Certificates of the bundle are trusted beside Node's own.
 * Fails with 'invalid-input' when a bundle cannot be read, 'usage' when a proxy variable is no URL.
 */
export async function openTransport(
  environment: NodeJS.ProcessEnv,
  caBundle: string | undefined,
  timeouts: Timeouts,
): Promise<Transport> {
  const { NodeHttpHandler } = await import('@smithy/node-http-handler');
  const ca = await trusted(caBundle, environment);
  // One context for all sockets: reading some 150 root certificates anew costs each connection tens of ms.
  const tls = ca === undefined ? {} : { secureContext: createSecureContext({ ca }) };
  const proxyRequestOptions = ca === undefined ? {} : { ca };
  const agents = { keepAlive: true, maxSockets: SOCKETS };
  const limits = {
    connectionTimeout: timeouts.connection,
    requestTimeout: timeouts.request,
    socketTimeout: timeouts.request,
    throwOnRequestTimeout: true,
    logger: silentLogger,
  };
  const direct = new NodeHttpHandler({
    ...limits,
    httpAgent: new HttpAgent(agents),
    httpsAgent: new HttpsAgent({ ...agents, ...tls }),
  });
  const proxied = new Map<string, Promise<NodeHttpHandler>>();
  const handlerFor = (proxy: URL): Promise<NodeHttpHandler> => {
    const known = proxied.get(proxy.href);
    if (known !== undefined) return known;
    const made = import('hpagent').then(
      ({ HttpProxyAgent, HttpsProxyAgent }) =>
        new NodeHttpHandler({
          ...limits,
          httpAgent: new HttpProxyAgent({ ...agents, proxy, proxyRequestOptions }),
          httpsAgent: new HttpsProxyAgent({ ...agents, ...tls, proxy, proxyRequestOptions }),
        }),
    );
    proxied.set(proxy.href, made);
    return made;
  };
  return {
    metadata: direct.metadata,
    async handle(request, options) {
      const proxy = proxyFor(request, environment);
      if (proxy === undefined) return direct.handle(request, options);
      const handler = await handlerFor(proxy);
      return handler.handle(request, options).catch((error: unknown) => {
        rememberProxy(error, proxy.host);
        throw error;
      });
    },
    updateHttpClientConfig: () => {},
    httpHandlerConfigs: () => ({}),
    destroy() {
      direct.destroy();
      for (const handler of proxied.values()) handler.then((made) => made.destroy()).catch(() => {});
    },
  };
}

/**
 * Node's own certificates and those of the bundle. Node reads NODE_EXTRA_CA_CERTS itself, but not once a
 * context of its own is made, so it is read here too. Undefined when Node's own way is enough.
 */
async function trusted(caBundle: string | undefined, environment: NodeJS.ProcessEnv): Promise<string[] | undefined> {
  const extra = environment.NODE_EXTRA_CA_CERTS;
  const files = [caBundle, extra].filter((file): file is string => file !== undefined && file !== '');
  if (files.length === 0 || (caBundle === undefined && environment === process.env)) return undefined;
  return [...rootCertificates, ...(await Promise.all(files.map(readBundle)))];
}

async function readBundle(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Failure('invalid-input', `The CA bundle ${file} cannot be read.`, {
      advice: 'Correct AWS_CA_BUNDLE, ca_bundle in the profile, or NODE_EXTRA_CA_CERTS.',
      resource: file,
      cause,
    });
  });
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw new Failure('invalid-input', `The CA bundle ${file} holds no certificate in PEM form.`, {
    advice: 'Give a file with "-----BEGIN CERTIFICATE-----" blocks.',
    resource: file,
  });
}
