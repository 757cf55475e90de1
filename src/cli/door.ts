import { type Clock, scaledClock, systemClock } from '../aws/clock.ts';
import type { MfaCode } from '../aws/credentials.ts';
import { type DebugLog, debugLog } from '../aws/debug-log.ts';
import type { Session } from '../aws/session.ts';
import { Failure } from '../text/failure.ts';
import type { GlobalOptions, Parts, Process } from './context.ts';

/** What somebody who asks for another session may say: the console's profile and region, and its MFA prompt. */
export interface SessionRequest {
  readonly profile?: string | undefined;
  readonly region?: string | undefined;
  readonly mfaCode?: MfaCode;
}

/** Sessions on demand, and what has to be closed after them. */
export interface Door {
  /** Without a request always the same session; with one a new session that its asker may close earlier. */
  session(request?: SessionRequest): Promise<Session>;
  close(): Promise<void>;
}

/** Keys that the embedded region takes for its administrator. */
const DEMO_CREDENTIALS = { accessKeyId: 'AKIADEMOADMIN0000000', secretAccessKey: 'demo' };
const DEMO_REGION = 'eu-west-1';

/** The sessions that the global options ask for; nothing is opened before it is asked for. */
export function openDoor(options: GlobalOptions, process: Process, { regionWorker }: Parts): Door {
  const closing: (() => Promise<void>)[] = [];
  let region: Promise<EmbeddedRegion> | undefined;
  let shared: Promise<Session> | undefined;
  const open = async (request: SessionRequest): Promise<Session> => {
    region ??= options.demo ? startEmbedded(options.speed ?? 1, regionWorker) : undefined;
    const opened = await (region ? openOn(await region, options) : openAws(options, process, request));
    closing.unshift(opened.close);
    return opened.session;
  };
  return {
    session: async (request) => {
      if (request !== undefined) return open(request);
      shared ??= open({});
      const pending = shared;
      try {
        return await pending;
      } catch (error) {
        // A failed opening is not remembered: the reason may be gone at the next try.
        if (shared === pending) shared = undefined;
        throw error;
      }
    },
    close: async () => {
      for (const each of closing) await each();
      await (await region?.catch(() => undefined))?.close();
    },
  };
}

/**
 * A session that touches no AWS account: on an embedded region of its own, or on the loopback `--endpoint-url`,
 * which has to answer `/_demo/`. Everything else is Failure 'usage'.
 */
export async function openDemoDoor(
  options: GlobalOptions,
  speed: number,
  { regionWorker }: Parts,
): Promise<OpenedSession> {
  const { endpointUrl } = options;
  if (endpointUrl !== undefined) {
    return openOn({ url: endpointUrl.replace(/\/+$/, ''), clock: await demoClock(endpointUrl) }, options);
  }
  const region = await startEmbedded(options.speed ?? speed, regionWorker);
  const opened = await openOn(region, options);
  return {
    session: opened.session,
    close: async () => {
      await opened.close();
      await region.close();
    },
  };
}

/** A session, and its end. */
export interface OpenedSession {
  readonly session: Session;
  close(): Promise<void>;
}

/** An embedded region, as a session needs it. */
interface RegionPlace {
  readonly url: string;
  readonly clock: Clock;
}

interface EmbeddedRegion extends RegionPlace {
  close(): Promise<void>;
}

async function startEmbedded(speed: number, worker: URL | undefined): Promise<EmbeddedRegion> {
  const { startRegionWorker } = await import('../demo/worker.ts');
  const { url, close } = await startRegionWorker({ speed }, worker);
  return { url, close, clock: await demoClock(url) };
}

async function openOn({ url, clock }: RegionPlace, options: GlobalOptions): Promise<OpenedSession> {
  const debug = openDebug(options);
  const { openSession } = await import('../aws/open.ts');
  const session = await openSession({
    endpoint: url,
    region: DEMO_REGION,
    credentials: DEMO_CREDENTIALS,
    clock,
    readOnly: options.readOnly,
    debug,
  });
  return { session, close: async () => closeAll(session, debug) };
}

async function openAws(options: GlobalOptions, process: Process, request: SessionRequest): Promise<OpenedSession> {
  const debug = openDebug(options);
  const { openSession } = await import('../aws/open.ts');
  const session = await openSession({
    profile: request.profile ?? options.profile,
    region: request.region ?? options.region,
    endpoint: options.endpointUrl,
    readOnly: options.readOnly,
    environment: process.env,
    clock: await clockOf(options.endpointUrl ?? process.env.AWS_ENDPOINT_URL),
    mfaCode: request.mfaCode,
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
    // Not by `fetch`, which a command would load for this alone.
    const { sendHttp } = await import('../aws/http.ts');
    const signal = AbortSignal.timeout(5_000);
    const { body } = await sendHttp({ url: new URL('/_demo/clock', address), headers: {}, signal });
    const { now, speed } = JSON.parse(body) as { now?: unknown; speed?: unknown };
    if (typeof now !== 'number' || typeof speed !== 'number') throw refuse('it does not answer /_demo/');
    return speed === 1 ? systemClock : scaledClock(speed, now);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw refuse('it does not answer /_demo/');
  }
}
