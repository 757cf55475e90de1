import { Failure } from '../text/failure.ts';
import { type ErrorFacts, factsOf, withoutRequest } from './error-facts.ts';
import { proxyOf } from './proxy.ts';

/** Whom a connection was for. */
export interface Destination {
  /** As a user calls it: `ECS`, `STS`. */
  readonly title: string;
  readonly region: string;
  /** Set when the endpoint is overridden. */
  readonly endpoint: string | undefined;
}

const TLS_CODES = /^(?:CERT_|DEPTH_ZERO_|ERR_TLS_|ERR_SSL_|HOSTNAME_MISMATCH|SELF_SIGNED_|UNABLE_TO_|EPROTO$)/;

const REFUSED = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'EACCES', 'EPERM']);
const CUT = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'HPE_INVALID_CONSTANT', 'ERR_STREAM_PREMATURE_CLOSE']);

/** The failure of a request that got no answer; undefined when the error is of another sort. */
export function networkFailure(error: unknown, destination: Destination): Failure | undefined {
  const facts = factsOf(error);
  if (facts.status !== undefined) return undefined;
  const proxy = proxyOf(error);
  const why = proxyProblem(facts, proxy) ?? problem(facts, destination);
  if (why === undefined) return undefined;
  const through = proxy === undefined ? '' : ` through the proxy ${proxy}`;
  return new Failure('unreachable', `Cannot reach ${where(facts, destination)}${through}: ${why.what}.`, {
    advice: why.advice,
    resource: destination.endpoint ?? facts.host ?? destination.title,
    code: facts.systemCode ?? facts.name,
    cause: withoutRequest(error),
  });
}

/** Whether the request cannot have been carried out: no connection ever stood. */
export function neverArrived(error: unknown): boolean {
  const { status, systemCode, name, message } = factsOf(error);
  if (status !== undefined) return false;
  if (name === 'TimeoutError') return message.includes('did not establish a connection');
  return systemCode !== undefined && (REFUSED.has(systemCode) || isDns(systemCode) || TLS_CODES.test(systemCode));
}

/** Whether an established connection broke, as an idle one does when its other end has given it up. */
export function isCut(systemCode: string | undefined): boolean {
  return systemCode !== undefined && CUT.has(systemCode);
}

interface Problem {
  readonly what: string;
  readonly advice: string;
}

function proxyProblem(facts: ErrorFacts, proxy: string | undefined): Problem | undefined {
  const status = /^Bad response: (\d+)$/.exec(facts.message)?.[1];
  if (proxy === undefined) return undefined;
  if (isDns(facts.systemCode ?? '') || REFUSED.has(facts.systemCode ?? '')) {
    return {
      what: `the proxy itself cannot be reached (${facts.systemCode})`,
      advice: 'Check HTTPS_PROXY and HTTP_PROXY, or list the host in NO_PROXY.',
    };
  }
  if (status === '407') {
    return {
      what: 'the proxy wants a user and password (407)',
      advice: 'Put them into HTTPS_PROXY: http://user:password@host:port.',
    };
  }
  if (status !== undefined) {
    return {
      what: `the proxy answered ${status} instead of connecting`,
      advice: 'Ask whoever runs the proxy to allow this host, or list it in NO_PROXY.',
    };
  }
  return undefined;
}

function problem(facts: ErrorFacts, destination: Destination): Problem | undefined {
  const code = facts.systemCode ?? '';
  if (isDns(code)) return dnsProblem(facts, destination);
  if (REFUSED.has(code)) {
    return {
      what: code === 'ECONNREFUSED' ? 'the connection is refused' : `no way there (${code})`,
      advice:
        destination.endpoint === undefined
          ? 'Check the network, the VPN and HTTPS_PROXY.'
          : 'Is something listening there? Check --endpoint-url and AWS_ENDPOINT_URL.',
    };
  }
  if (TLS_CODES.test(code)) {
    return {
      what: `its certificate is not trusted (${code})`,
      advice: 'Behind a company proxy, point AWS_CA_BUNDLE or NODE_EXTRA_CA_CERTS at its root certificate (PEM).',
    };
  }
  // The SDK calls a cut connection a time-out too, so the code is looked at first.
  if (isCut(code) || facts.message === 'socket hang up' || facts.message === 'aborted') {
    return {
      what: `the connection was cut (${code || facts.message})`,
      advice: 'Try again; a proxy or firewall may cut long requests.',
    };
  }
  if (facts.name === 'TimeoutError' || code === 'ETIMEDOUT' || code === 'ESOCKETTIMEDOUT') {
    return { what: 'no answer in time', advice: 'Check the network, the VPN and HTTPS_PROXY, then try again.' };
  }
  return undefined;
}

function dnsProblem(facts: ErrorFacts, destination: Destination): Problem {
  if (destination.endpoint !== undefined) {
    return { what: 'the name does not resolve', advice: 'Check the host in --endpoint-url or AWS_ENDPOINT_URL.' };
  }
  if (facts.systemCode === 'EAI_AGAIN') {
    return { what: 'DNS does not answer', advice: 'Check the network and the VPN.' };
  }
  return {
    what: 'the name does not resolve',
    advice: `Is ${JSON.stringify(destination.region)} the right region, and is ${destination.title} offered there? Otherwise check DNS and the VPN.`,
  };
}

function isDns(code: string): boolean {
  return code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_FAIL' || code === 'ENODATA';
}

function where(facts: ErrorFacts, destination: Destination): string {
  if (destination.endpoint !== undefined) return `${destination.title} at ${destination.endpoint}`;
  const host = facts.host === undefined ? '' : ` (${facts.host})`;
  return `${destination.title} in ${destination.region}${host}`;
}
