import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Identity, Session, ThrottleState } from '../../aws/session.ts';
import type { Failure } from '../../text/failure.ts';
import { failureOf } from './failures.ts';
import type { Pace } from './pace.ts';
import { Pollers } from './pollers.ts';
import type { WriteLock } from './write-lock.ts';

/** Which account and region; what is absent is as the console was started. */
export interface SessionChoice {
  readonly profile?: string | undefined;
  readonly region?: string | undefined;
}

/** What header and views know of the session. */
export interface SessionState {
  readonly choice: SessionChoice;
  /** Undefined until it is open; nothing of AWS is loaded before the first frame. */
  readonly session: Session | undefined;
  readonly pollers: Pollers | undefined;
  readonly identity: Identity | undefined;
  /** Why there is no session, or nobody known. */
  readonly failure: Failure | undefined;
  readonly throttles: readonly ThrottleState[];
  /** ms since the epoch; undefined for credentials that last. */
  readonly expiresAt: number | undefined;
}

export interface SessionStore extends StoreApi<SessionState> {
  /** Opens another session, and closes the one before. */
  open(choice: SessionChoice): Promise<void>;
  /** Asks again who we are, such as after signing in elsewhere. */
  retry(): Promise<void>;
  /** As `retry`, unasked: a failure that is still there is not told again. */
  lookAgain(): Promise<void>;
  setAway(away: boolean): void;
  close(): void;
}

export function createSessionStore(options: {
  readonly openSession: (choice: SessionChoice) => Promise<Session>;
  readonly pace: Pace;
  /** Called before the user's own attempts to be somebody. */
  readonly onTry?: () => void;
  readonly onFailure: (failure: Failure, about: string) => void;
  readonly lock: WriteLock;
  /** Whether writes start locked for a profile and an account, which is undefined while it is not known. */
  readonly locksWrites?: (profile: string | undefined, account: string | undefined) => boolean;
  /** Nothing is read more often than this, ms. */
  readonly leastInterval?: number;
}): SessionStore {
  const {
    openSession,
    pace,
    onTry = () => {},
    onFailure,
    lock,
    locksWrites = () => false,
    leastInterval = 0,
  } = options;
  const nothing: SessionState = {
    choice: {},
    session: undefined,
    pollers: undefined,
    identity: undefined,
    failure: undefined,
    throttles: [],
    expiresAt: undefined,
  };
  const store = createStore<SessionState>()(() => nothing);
  let asking = new AbortController();
  let unsubscribe = () => {};
  let away = false;

  const close = () => {
    asking.abort();
    unsubscribe();
    lock.release();
    store.getState().session?.close();
  };
  const identify = async (session: Session, signal: AbortSignal, tell = true) => {
    try {
      const identity = await session.identity(signal);
      if (signal.aborted) return;
      lock.judged(locksWrites(session.profile, identity.account));
      store.setState({ identity, failure: undefined, expiresAt: session.credentialsExpireAt });
    } catch (error) {
      if (signal.aborted) return;
      const failure = failureOf(error);
      store.setState({ failure });
      if (tell) onFailure(failure, 'account');
    }
  };
  const open = async (choice: SessionChoice) => {
    close();
    onTry();
    const mine = new AbortController();
    asking = mine;
    store.setState({ ...nothing, choice }, true);
    let session: Session;
    try {
      session = await openSession(choice);
    } catch (error) {
      if (mine.signal.aborted) return;
      const failure = failureOf(error);
      store.setState({ failure });
      onFailure(failure, 'session');
      return;
    }
    if (mine.signal.aborted) {
      session.close();
      return;
    }
    lock.take(session, locksWrites(session.profile, undefined));
    const failed = (failure: Failure, about: string) => {
      // Whatever finds out first that the session has ended, tells.
      if (failure.kind === 'expired' || failure.kind === 'not-signed-in') store.setState({ failure });
      onFailure(failure, about);
    };
    const pollers = new Pollers(session, pace, failed, leastInterval);
    pollers.setAway(away);
    const publish = () => {
      store.setState({
        throttles: session.throttles(),
        expiresAt: session.credentialsExpireAt,
      });
    };
    unsubscribe = session.subscribe(() => pace.request(publish));
    store.setState({ session, pollers });
    await identify(session, mine.signal);
  };
  return {
    ...store,
    open,
    retry: async () => {
      const { session, choice } = store.getState();
      onTry();
      if (session === undefined) await open(choice);
      else await identify(session, asking.signal);
    },
    lookAgain: async () => {
      const { session } = store.getState();
      if (session !== undefined) await identify(session, asking.signal, false);
    },
    setAway: (gone) => {
      away = gone;
      store.getState().pollers?.setAway(gone);
    },
    close,
  };
}
