import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Session } from '../../aws/session.ts';

/** Whether calls that write may go out. */
export interface WriteLockState {
  readonly locked: boolean;
  /** When it locks itself again, ms since the epoch; undefined where it stays as it is. */
  readonly until: number | undefined;
}

/** The lock at the door to AWS; each session has its own guard, the lock follows the one in use. */
export interface WriteLock extends StoreApi<WriteLockState> {
  /** Takes over a session; `locked` tells whether it starts so. One that was opened read-only stays it. */
  take(session: Session, locked: boolean): void;
  /** The account has become known: whether it is one that starts locked. Who has unlocked meanwhile stays so. */
  judged(locked: boolean): void;
  lock(): void;
  /** Opens it, where it starts locked only for a while. */
  unlock(): void;
  /** Forgets the session. */
  release(): void;
}

export interface WriteLockOptions {
  /** How long an unlocked session stays so where it starts locked, ms of its clock; 0 for ever. */
  readonly relockAfter: number;
  /** Resolves when no work is under way that has to write to its end. */
  readonly idle: () => Promise<void>;
  /** Called when it has locked itself. */
  readonly onRelock: () => void;
}

/** The write lock of a console: an unlocked one is easily forgotten, so it locks itself again. */
export function createWriteLock({ relockAfter, idle, onRelock }: WriteLockOptions): WriteLock {
  const store = createStore<WriteLockState>()(() => ({ locked: false, until: undefined }));
  let session: Session | undefined;
  let fixed = false;
  let startsLocked = false;
  let touched = false;
  let waiting = new AbortController();

  const set = (locked: boolean, until?: number) => {
    waiting.abort();
    waiting = new AbortController();
    if (session !== undefined) session.guard = { readOnly: locked };
    store.setState({ locked, until });
  };
  const relock = async (until: number, clock: Session['clock'], signal: AbortSignal) => {
    try {
      await clock.sleep(until - clock.now(), signal);
      await idle();
    } catch {
      return;
    }
    if (signal.aborted) return;
    set(true);
    onRelock();
  };
  return {
    ...store,
    take: (opened, locked) => {
      session = opened;
      fixed = opened.guard.readOnly;
      startsLocked = locked;
      touched = false;
      set(fixed || locked);
    },
    judged: (locked) => {
      startsLocked = locked;
      if (!touched && !fixed) set(locked);
    },
    lock: () => {
      touched = true;
      set(true);
    },
    unlock: () => {
      if (session === undefined || fixed) return;
      touched = true;
      const { clock } = session;
      const until = startsLocked && relockAfter > 0 ? clock.now() + relockAfter : undefined;
      set(false, until);
      if (until !== undefined) void relock(until, clock, waiting.signal);
    },
    release: () => {
      waiting.abort();
      session = undefined;
      store.setState({ locked: false, until: undefined });
    },
  };
}
