import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Session } from '../../../aws/session.ts';
import type { DiscoveredConnection } from '../../../connection/discovery/parse.ts';
import type { Probed } from '../../../connection/probe/probe.ts';

/** What this console has found out about an environment's connection: in memory alone, and for one session. */
export interface ConnectionState {
  /** What is under way, and what it waits for. */
  readonly working?: { readonly what: string; readonly told: string } | undefined;
  readonly found?: DiscoveredConnection | undefined;
  /** When it was found, ms since the epoch by the session's clock. */
  readonly foundAt?: number | undefined;
  readonly probed?: Probed | undefined;
  /** Until when the password is shown, ms since the epoch by the machine's clock; undefined while it is hidden. */
  readonly revealedUntil?: number | undefined;
}

const all = new WeakMap<Session, Map<string, StoreApi<ConnectionState>>>();

/** The state of an environment in a session; another profile or region has its own. */
export function connectionState(session: Session, environment: string): StoreApi<ConnectionState> {
  const known = all.get(session) ?? new Map<string, StoreApi<ConnectionState>>();
  all.set(session, known);
  const store = known.get(environment) ?? createStore<ConnectionState>()(() => ({}));
  known.set(environment, store);
  return store;
}
