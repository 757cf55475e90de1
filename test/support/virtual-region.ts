import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../src/aws/clock.ts';
import { openSession } from '../../src/aws/open.ts';
import type { Session } from '../../src/aws/session.ts';
import { type RunningRegion, startRegion } from '../../src/demo/region.ts';
import type { ServiceName } from '../../src/reference/operations.ts';
import { HandClock } from './hand-clock.ts';

/** A request that a session is about to make. */
export interface Border {
  readonly service: ServiceName;
  /** As AWS names it. */
  readonly operation: string;
  readonly input: object;
}

/** What stands between a session and its region. */
export interface Interference {
  /** Called before each request; one that never resolves is a process that was killed there. */
  readonly before?: (border: Border) => Promise<void> | void;
  /** Called when a request was carried out, before its caller hears of it. */
  readonly after?: (border: Border) => Promise<void> | void;
  /** How far this machine's clock is from the region's, in ms. */
  readonly offset?: number;
}

/** An embedded region on time that passes only while everybody waits: hours of it take no time at all. */
export interface VirtualRegion {
  readonly running: RunningRegion;
  readonly url: string;
  readonly time: VirtualTime;
  open(interference?: Interference): Promise<Session>;
  close(): Promise<void>;
}

const SERVICES: readonly ServiceName[] = ['mwaa', 'ecs', 'logs', 's3', 'sts', 'iam', 'ec2', 'secretsManager'];
/** Turns of the event loop in which nothing happens before time goes on. */
const QUIET = 2;

/** Starts a region that stands at 2026-11-22 17:00 UTC until somebody sleeps; some images may run as local processes. */
export async function virtualRegion(seed = 7, images: Readonly<Record<string, string>> = {}): Promise<VirtualRegion> {
  const time = new VirtualTime(Date.UTC(2026, 10, 22, 17));
  const running = await startRegion({ clock: time.region, seed, throttling: false, images });
  const sessions: Session[] = [];
  return {
    running,
    url: running.url,
    time,
    open: async (interference = {}) => {
      const session = await openSession({
        endpoint: running.url,
        region: 'eu-west-1',
        credentials: { accessKeyId: 'AKIADEMOADMIN0000000', secretAccessKey: 'demo' },
        clock: time.clock(interference.offset ?? 0),
      });
      sessions.push(session);
      return watched(session, time, interference);
    },
    close: async () => {
      for (const session of sessions) session.close();
      await running.close();
    },
  };
}

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** Time that a region and its sessions share. It moves to the next sleeper when no request is under way. */
export class VirtualTime {
  readonly region: HandClock;
  readonly #requests = new AsyncLocalStorage<true>();
  readonly #sleepers = new Set<Sleeper>();
  #underWay = 0;
  #moving = false;

  constructor(now: number) {
    this.region = new HandClock(now);
  }

  clock(offset: number): Clock {
    return {
      now: () => this.region.now() + offset,
      sleep: (ms, signal) => this.#sleep(ms, signal),
    };
  }

  /** Makes a request; time stands still while it is under way. */
  async request<T>(make: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    try {
      return await this.#requests.run(true, make);
    } finally {
      this.#underWay -= 1;
    }
  }

  #sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const end = (settle: () => void) => () => {
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener('abort', aborted);
        settle();
      };
      const sleeper: Sleeper = {
        until: this.region.now() + Math.max(0, Math.ceil(ms)),
        wake: end(resolve),
      };
      const aborted = end(() => reject(signal?.reason));
      // For the request budget, which others may be waiting for in their requests: time goes on at once.
      if (this.#requests.getStore() === true) {
        this.region.move(Math.max(0, sleeper.until - this.region.now()));
        resolve();
        return;
      }
      signal?.addEventListener('abort', aborted, { once: true });
      this.#sleepers.add(sleeper);
      if (!this.#moving) void this.#move();
    });
  }

  async #move(): Promise<void> {
    this.#moving = true;
    while (this.#sleepers.size > 0) {
      for (let quiet = 0; quiet < QUIET; quiet += 1) {
        await turn();
        if (this.#underWay > 0) quiet = -1;
      }
      const [next] = [...this.#sleepers].sort((one, other) => one.until - other.until);
      if (next === undefined) break;
      this.region.move(Math.max(0, next.until - this.region.now()));
      next.wake();
    }
    this.#moving = false;
  }
}

/** The session with every request announced before and after. */
function watched(session: Session, time: VirtualTime, interference: Interference): Session {
  const services = new Map<unknown, unknown>(
    SERVICES.map((service) => [service, watchedService(session, service, time, interference)]),
  );
  return new Proxy(session, {
    // The session's private members are its own: everything else is asked of it, not of what stands before it.
    get: (target, name) => {
      if (services.has(name)) return services.get(name);
      if (name === 'identity') return (signal?: AbortSignal) => time.request(() => target.identity(signal));
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
    set: (target, name, value) => Reflect.set(target, name, value, target),
  });
}

function watchedService(session: Session, service: ServiceName, time: VirtualTime, { before, after }: Interference) {
  type Call = (input: object, options?: object) => Promise<unknown>;
  const calls = session[service] as unknown as Readonly<Record<string, Call>>;
  return new Proxy(calls, {
    get: (_, name) => async (input: object, options?: object) => {
      const operation = `${String(name).charAt(0).toUpperCase()}${String(name).slice(1)}`;
      await before?.({ service, operation, input });
      const answer = await time.request(async () => calls[String(name)]?.(input, options));
      await after?.({ service, operation, input });
      return answer;
    },
  });
}
