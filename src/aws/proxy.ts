import { BlockList, isIP } from 'node:net';
import { Failure } from '../text/failure.ts';

/** A request's target, as far as a proxy rule looks at it. */
export interface Target {
  /** `https:` or `http:`. */
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
}

/**
 * The proxy for a target by HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, in any case (the small form
 * wins, as in curl); undefined for a direct connection. Loopback is never asked of a proxy: it would be
 * the proxy's own. Fails with 'usage' when the variable is no http or https URL.
 */
export function proxyFor(target: Target, environment: NodeJS.ProcessEnv): URL | undefined {
  const variable = target.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const value = anyCase(environment, variable) ?? anyCase(environment, 'all_proxy');
  if (value === undefined || isLoopback(target.hostname)) return undefined;
  if (isExempt(target, anyCase(environment, 'no_proxy') ?? '')) return undefined;
  const text = value.includes('://') ? value : `http://${value}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new Failure('usage', `${variable.toUpperCase()} names no http or https proxy.`, {
    advice: `Set ${variable.toUpperCase()} to http://host:port, or unset it.`,
    resource: variable.toUpperCase(),
  });
}

/** Whether a host is this machine itself. */
function isLoopback(hostname: string): boolean {
  const host = bare(hostname);
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function anyCase(environment: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = environment[name] ?? environment[name.toUpperCase()];
  return value === undefined || value.trim() === '' ? undefined : value.trim();
}

/** NO_PROXY: `*`, host names with their subdomains, `.suffix`, addresses, CIDR blocks, each with an optional port. */
function isExempt(target: Target, rules: string): boolean {
  const host = bare(target.hostname);
  const port = target.port ?? (target.protocol === 'https:' ? 443 : 80);
  return rules
    .toLowerCase()
    .split(/[\s,]+/)
    .some((rule) => {
      if (rule === '') return false;
      if (rule === '*') return true;
      if (rule.includes('/')) return inBlock(host, rule);
      const [, name = rule, rulePort] = /^(\[?[^\]]*?\]?)(?::(\d+))?$/.exec(rule) ?? [];
      if (rulePort !== undefined && Number(rulePort) !== port && isIP(bare(rule)) === 0) return false;
      const suffix = bare(isIP(bare(rule)) === 0 ? name : rule).replace(/^\*?\./, '');
      return host === suffix || host.endsWith(`.${suffix}`);
    });
}

function inBlock(host: string, rule: string): boolean {
  const [network = '', prefix = ''] = rule.split('/');
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  const bits = Number(prefix);
  if (isIP(network) === 0 || isIP(host) === 0 || !(bits >= 0 && bits <= (family === 'ipv6' ? 128 : 32))) return false;
  const block = new BlockList();
  block.addSubnet(network, bits, family);
  return block.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
}

function bare(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

const proxies = new WeakMap<object, string>();

/** Keeps by which proxy (host and port) an error of the transport came. */
export function rememberProxy(error: unknown, proxy: string): void {
  if (typeof error === 'object' && error !== null) proxies.set(error, proxy);
}

/** The proxy (host and port) that an error of the transport came by; undefined for a direct connection. */
export function proxyOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null ? proxies.get(error) : undefined;
}
