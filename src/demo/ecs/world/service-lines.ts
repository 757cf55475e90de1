import type { Random } from '../../logs/random.ts';
import type { Line } from '../../logs/streams.ts';

/** What a container of a service writes between two times. */
export type ServiceWriter = (from: number, to: number, random: Random) => Iterable<Line>;

const PATHS = ['/v1/orders', '/v1/customers', '/v1/products', '/v1/carts', '/healthz', '/v1/payments'] as const;

/** A line every `seconds` or so: requests as JSON, now and then something that went wrong. */
export function serviceLines(service: string, seconds: number): ServiceWriter {
  return function* (from, to, random) {
    for (let at = from + random.next() * seconds * 1000; at < to; at += random.between(0.2, 1.8) * seconds * 1000) {
      const time = Math.floor(at);
      yield { at: time, message: service === 'search' ? searchLine(time, random) : requestLine(service, time, random) };
    }
  };
}

function requestLine(service: string, at: number, random: Random): string {
  const path = random.pick(PATHS);
  const failed = random.oneIn(220);
  const slow = random.oneIn(140);
  const duration = Math.round((slow ? random.between(900, 6_000) : random.between(2, 180)) * 10) / 10;
  return JSON.stringify({
    time: new Date(at).toISOString(),
    level: failed ? 'error' : slow ? 'warn' : 'info',
    service,
    msg: failed ? 'upstream timed out' : slow ? 'slow request' : 'request',
    method: path === '/v1/payments' ? 'POST' : 'GET',
    path: path === '/healthz' ? path : `${path}/${random.integer(10_000, 99_999)}`,
    status: failed ? 504 : 200,
    duration_ms: duration,
    trace: random.hex(16),
  });
}

function searchLine(at: number, random: Random): string {
  const time = new Date(at).toISOString().replace('Z', '').replace('T', 'T');
  if (random.oneIn(60)) {
    return `[${time},][WARN ][o.e.m.j.JvmGcMonitorService] [search-0] [gc][${random.integer(9_000, 90_000)}] overhead, spent [${random.integer(300, 900)}ms] collecting in the last [1s]`;
  }
  return `[${time},][INFO ][o.e.c.m.MetadataMappingService] [search-0] [table_search_index/${random.hex(22)}] update_mapping [_doc]`;
}
