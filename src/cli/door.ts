import { type Clock, scaledClock, systemClock } from '../aws/clock.ts';
import { type DebugLog, debugLog } from '../aws/debug-log.ts';
import { openSession } from '../aws/open.ts';
import type { Session } from '../aws/session.ts';
import { Failure } from '../text/failure.ts';
import type { GlobalOptions, Process } from './context.ts';

/** A session on demand, and what has to be closed after it. */
export interface Door {
  session(): Promise<Session>;
  close(): Promise<void>;
}

/** Keys that the embedded region takes for its administrator. */
const DEMO_CREDENTIALS = { accessKeyId: 'AKIADEMOADMIN0000000', secretAccessKey: 'demo' };
const DEMO_REGION = 'eu-west-1';

/** The session that the global options ask for; nothing is opened before it is asked for. */
export function openDoor(options: GlobalOptions, process: Process): Door {
  let opened: Promise<OpenedSession> | undefined;
  return {
    session: async () => {
      opened ??= options.demo ? openEmbedded(options, options.speed ?? 1) : openAws(options, process);
      // A failed opening is not remembered: the reason may be gone at the next try.
      const pending = opened;
      try {
        return (await pending).session;
      } catch (error) {
        if (opened === pending) opened = undefined;
        throw error;
      }
    },
    close: async () => {
      const ended = await opened?.catch(() => undefined);
      await ended?.close();
    },
  };
}

/**
 * A session that touches no AWS account: on an embedded region of its own, or on the loopback `--endpoint-url`,
 * which has to answer `/_demo/`. Everything else is Failure 'usage'.
 */
export async function openDemoDoor(options: GlobalOptions, speed: number): Promise<OpenedSession> {
  const { endpointUrl } = options;
  if (endpointUrl === undefined) return openEmbedded(options, options.speed ?? speed);
  const clock = await demoClock(endpointUrl);
  const debug = openDebug(options);
  const session = await openSession({
    endpoint: endpointUrl.replace(/\/+$/, ''),
    region: DEMO_REGION,
    credentials: DEMO_CREDENTIALS,
    clock,
    readOnly: options.readOnly,
    debug,
  });
  return { session, close: async () => closeAll(session, debug) };
}

/** A session, and its end. */
export interface OpenedSession {
  readonly session: Session;
  close(): Promise<void>;
}

async function openAws(options: GlobalOptions, process: Process): Promise<OpenedSession> {
  const debug = openDebug(options);
  const session = await openSession({
    profile: options.profile,
    region: options.region,
    endpoint: options.endpointUrl,
    readOnly: options.readOnly,
    environment: process.env,
    clock: await clockOf(options.endpointUrl ?? process.env.AWS_ENDPOINT_URL),
    debug,
  });
  return { session, close: async () => closeAll(session, debug) };
}

/** The machine's own time, but the region's where the endpoint is an embedded region whose time runs faster. */
async function clockOf(endpoint: string | undefined): Promise<Clock> {
  if (endpoint === undefined) return systemClock;
  try {
    return await demoClock(endpoint);
  } catch (error) {
    if (error instanceof Failure) return systemClock;
    throw error;
  }
}

async function openEmbedded(options: GlobalOptions, speed: number): Promise<OpenedSession> {
  const { startRegionWorker } = await import('../demo/worker.ts');
  const region = await startRegionWorker({ speed });
  const debug = openDebug(options);
  const session = await openSession({
    endpoint: region.url,
    region: DEMO_REGION,
    credentials: DEMO_CREDENTIALS,
    clock: await demoClock(region.url),
    readOnly: options.readOnly,
    debug,
  });
  return {
    session,
    close: async () => {
      closeAll(session, debug);
      await region.close();
    },
  };
}

function openDebug({ debug }: GlobalOptions): DebugLog | undefined {
  return debug === undefined ? undefined : debugLog(debug);
}

function closeAll(session: Session, debug: DebugLog | undefined): void {
  session.close();
  debug?.close();
}

/** The time of an embedded region, which may run faster than the wall's; only loopback addresses are asked. */
async function demoClock(url: string): Promise<Clock> {
  const refuse = (why: string) =>
    new Failure('usage', `${url} is no embedded region: ${why}.`, {
      advice: 'Start one with `mwaa-console demo` and give its address, or leave --endpoint-url out.',
      resource: url,
    });
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address === undefined) throw refuse('that is no URL');
  if (!/^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(address.hostname)) throw refuse('only this machine is asked');
  try {
    const answer = await fetch(new URL('/_demo/clock', address), { signal: AbortSignal.timeout(5_000) });
    const { now, speed } = (await answer.json()) as { now?: unknown; speed?: unknown };
    if (typeof now !== 'number' || typeof speed !== 'number') throw refuse('it does not answer /_demo/');
    return speed === 1 ? systemClock : scaledClock(speed, now);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw refuse('it does not answer /_demo/');
  }
}
