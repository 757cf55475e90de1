import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { BROKEN_TLS, NO_TLS, NOT_POSTGRES, networkMeaning } from './meanings.ts';
import { StageFailure, type StageResult } from './stages.ts';

/** Where a database is, and how it wants to be spoken to. */
export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  /** libpq's sslmode. */
  readonly sslMode: string;
  /** libpq's hostaddr: the address to go to, the name not asked for. */
  readonly hostAddress?: string | undefined;
}

/** PostgreSQL's SSLRequest: its length, and the code 1234.5679 (protocol-message-formats). */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
/** Modes that go on without TLS where the server has none, and those that also check its certificate. */
const WITHOUT = new Set(['allow', 'prefer']);
const CHECKED = new Set(['verify-ca', 'verify-full']);

/** Finds the address, connects and agrees on TLS; `done` hears of each stage. Throws StageFailure. */
export async function openSocket(
  address: DatabaseAddress,
  timeout: number,
  signal: AbortSignal,
  done: (result: StageResult) => void,
): Promise<Socket> {
  const ip = await resolve(address, timeout, signal, done);
  const socket = await reach(ip, address.port, timeout, signal);
  done({ stage: 'tcp', state: 'ok', detail: `connected to ${ip} port ${address.port}` });
  try {
    if (address.sslMode === 'disable') {
      done({ stage: 'tls', state: 'skipped', detail: 'sslmode disable: not encrypted' });
      return socket;
    }
    return await encrypt(socket, address, timeout, signal, done);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function resolve(
  { host, hostAddress }: DatabaseAddress,
  timeout: number,
  signal: AbortSignal,
  done: (result: StageResult) => void,
): Promise<string> {
  if (hostAddress !== undefined && isIP(hostAddress) !== 0) {
    done({ stage: 'name', state: 'ok', detail: `the connection gives the address ${hostAddress}` });
    return hostAddress;
  }
  if (isIP(host) !== 0) {
    done({ stage: 'name', state: 'ok', detail: `${host} is an address` });
    return host;
  }
  try {
    const { address } = await within(lookup(host), timeout, signal);
    done({ stage: 'name', state: 'ok', detail: `${host} is ${address}` });
    return address;
  } catch (error) {
    signal.throwIfAborted();
    const code = codeOf(error);
    throw new StageFailure('name', `${host} has no address: ${code}.`, networkMeaning('name', code, 'here'));
  }
}

async function reach(ip: string, port: number, timeout: number, signal: AbortSignal): Promise<Socket> {
  const socket = connectTcp({ host: ip, port });
  try {
    await within(once(socket, 'connect'), timeout, signal);
    return socket;
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    const code = codeOf(error);
    const what = code === 'ETIMEDOUT' ? `does not answer within ${timeout / 1000} s` : `can't be reached: ${code}`;
    throw new StageFailure('tcp', `${ip} port ${port} ${what}.`, networkMeaning('tcp', code, 'here'));
  }
}

async function encrypt(
  socket: Socket,
  address: DatabaseAddress,
  timeout: number,
  signal: AbortSignal,
  done: (result: StageResult) => void,
): Promise<Socket> {
  socket.write(SSL_REQUEST);
  const answer = await firstBytes(socket, timeout, signal);
  if (answer.length === 1 && answer[0] === 0x4e) {
    if (WITHOUT.has(address.sslMode)) {
      done({
        stage: 'tls',
        state: 'skipped',
        detail: `the server has no TLS; sslmode ${address.sslMode} goes on without`,
      });
      return socket;
    }
    throw new StageFailure('tls', `The server refuses TLS, and sslmode is ${address.sslMode}.`, NO_TLS);
  }
  if (answer.length !== 1 || answer[0] !== 0x53) {
    throw notPostgres(`What listens there answers PostgreSQL's first message with ${shown(answer)}.`);
  }
  const checked = CHECKED.has(address.sslMode);
  const secure = connectTls({
    socket,
    rejectUnauthorized: checked,
    ...(isIP(address.host) === 0 && { servername: address.host }),
    ...(address.sslMode === 'verify-ca' && { checkServerIdentity: () => undefined }),
  });
  try {
    await within(once(secure, 'secureConnect'), timeout, signal);
  } catch (error) {
    secure.destroy();
    signal.throwIfAborted();
    throw new StageFailure(
      'tls',
      `TLS could not be agreed on: ${error instanceof Error ? error.message : codeOf(error)}.`,
      checked
        ? 'sslmode verify-ca and verify-full need the authority of the server’s certificate (NODE_EXTRA_CA_CERTS).'
        : BROKEN_TLS,
    );
  }
  done({ stage: 'tls', state: 'ok', detail: encryption(secure, checked) });
  return secure;
}

function encryption(secure: TLSSocket, checked: boolean): string {
  const { subject } = secure.getPeerCertificate();
  const name = Array.isArray(subject?.CN) ? subject.CN[0] : subject?.CN;
  return `${secure.getProtocol()}, certificate of ${name ?? 'nobody named'}${checked ? '' : ', not verified'}`;
}

/** What the server says first; a StageFailure 'handshake' when it says nothing or hangs up. */
async function firstBytes(socket: Socket, timeout: number, signal: AbortSignal): Promise<Buffer> {
  const ended = once(socket, 'close').then(() => Buffer.alloc(0));
  const data = once(socket, 'data').then(([chunk]) => chunk as Buffer);
  try {
    const bytes = await within(Promise.race([data, ended]), timeout, signal);
    if (bytes.length > 0) return bytes;
  } catch (error) {
    signal.throwIfAborted();
    if (codeOf(error) === 'ETIMEDOUT') {
      throw notPostgres(
        `The port is open, but silent: no answer to PostgreSQL's first message within ${timeout / 1000} s.`,
      );
    }
    throw notPostgres(`The connection breaks off at PostgreSQL's first message: ${codeOf(error)}.`);
  } finally {
    socket.removeAllListeners('data');
    ended.catch(() => {});
    data.catch(() => {});
  }
  throw notPostgres("The connection is closed at PostgreSQL's first message.");
}

function notPostgres(message: string): StageFailure {
  return new StageFailure('handshake', message, NOT_POSTGRES);
}

function shown(bytes: Buffer): string {
  return JSON.stringify(bytes.subarray(0, 24).toString('latin1'));
}

/** Resolves as the work does, within `timeout` ms of the wall's time, since it waits for the network; else ETIMEDOUT. */
export async function within<T>(work: Promise<T>, timeout: number, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let timer: NodeJS.Timeout | undefined;
  let abort = () => {};
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' })), timeout);
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
  });
  work.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

/** The system's code of an error; of several tries (`AggregateError`), the first's. */
function codeOf(error: unknown): string {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const { code } = first as { code?: unknown };
  return typeof code === 'string' ? code : 'unknown error';
}
