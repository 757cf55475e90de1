import type { DiscoveredConnection } from '../discovery/parse.ts';
import { logIn } from './login.ts';
import { type DatabaseAddress, openSocket } from './socket.ts';
import { type ProbeResult, probeResult, StageFailure, type StageResult } from './stages.ts';

/** How long each stage may take, ms of the wall's time: it waits for the network. */
const TIMEOUT = 5_000;

/** A probe, and which of the connection's candidates logged in: its place in the list. */
export interface Probed {
  readonly result: ProbeResult;
  readonly candidate: number | undefined;
}

/**
 * Tries from this machine whether the database can be reached, in stages, and with a login whether it opens, with one
 * connection at a time and read-only. A refused password lets the next candidate be tried.
 */
export async function probeFromHere(
  address: DatabaseAddress,
  login: Pick<DiscoveredConnection, 'database' | 'candidates'> | undefined,
  signal: AbortSignal,
  timeout: number = TIMEOUT,
): Promise<Probed> {
  const candidates = login?.candidates ?? [undefined];
  for (let index = 0; ; index++) {
    const stages: StageResult[] = [];
    const done = (result: StageResult) => void stages.push(result);
    try {
      const socket = await openSocket(address, timeout, signal, done);
      const candidate = candidates[index];
      if (login === undefined || candidate === undefined) {
        socket.destroy();
        return { result: probeResult('here', stages, undefined, null), candidate: undefined };
      }
      const revision = await logIn(socket, login.database, candidate, timeout, signal, done);
      return { result: probeResult('here', stages, undefined, revision), candidate: index };
    } catch (error) {
      if (!(error instanceof StageFailure)) throw error;
      if (error.sqlState === '28P01' && index + 1 < candidates.length) continue;
      // A server that is no database, or another one: the password opened it all the same.
      const opened = error.stage === 'schema' || error.sqlState === '3D000' ? index : undefined;
      return { result: probeResult('here', stages, error, null), candidate: opened };
    }
  }
}
