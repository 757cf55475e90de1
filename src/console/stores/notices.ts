import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Tone } from '../../text/columns.ts';
import type { Failure } from '../../text/failure.ts';
import { failureOf } from './failures.ts';

/** Something that went wrong, as the `!` list keeps it. */
export interface Notice {
  readonly id: number;
  /** ms since the epoch, of the last time. */
  readonly at: number;
  readonly failure: Failure;
  /** What it was about: an environment, a screen, a command. */
  readonly about: string | undefined;
  readonly times: number;
}

/** The right end of the footer. */
export interface Flash {
  readonly text: string;
  readonly tone: Tone;
}

export interface NoticesState {
  readonly flash: Flash | undefined;
  /** Newest last. */
  readonly errors: readonly Notice[];
}

/** What the console tells beside its screens: good news fades, errors stay until a key and are kept. */
export interface Notices extends StoreApi<NoticesState> {
  /** Says something for 3 s; `error` and `warn` stay until the next key. */
  flash(text: string, tone?: Tone): void;
  /** Says that something failed, and keeps it. */
  error(error: unknown, about?: string): void;
  /** Keeps a failure without saying it: its own screen does. */
  record(failure: Failure, about?: string): void;
  /** A key was pressed: what waited for one goes. */
  keyPressed(): void;
}

const FADES_AFTER = 3000;
const KEPT = 200;

/** `now` gives ms since the epoch; good news fades `fadesAfter` ms of the user's own time later. */
export function createNotices(now: () => number, fadesAfter = FADES_AFTER): Notices {
  const store = createStore<NoticesState>()(() => ({ flash: undefined, errors: [] }));
  let timer: NodeJS.Timeout | undefined;
  let lastId = 0;

  const flash = (text: string, tone: Tone = 'ok') => {
    clearTimeout(timer);
    const shown: Flash = { text, tone };
    store.setState({ flash: shown });
    if (tone === 'error' || tone === 'warn') return;
    timer = setTimeout(() => {
      if (store.getState().flash === shown) store.setState({ flash: undefined });
    }, fadesAfter);
    timer.unref();
  };
  const record = (failure: Failure, about?: string) => {
    const { errors } = store.getState();
    const last = errors.at(-1);
    if (last !== undefined && last.failure.message === failure.message && last.about === about) {
      store.setState({ errors: errors.with(-1, { ...last, at: now(), times: last.times + 1 }) });
      return;
    }
    lastId += 1;
    const notice: Notice = { id: lastId, at: now(), failure, about, times: 1 };
    store.setState({ errors: [...errors, notice].slice(-KEPT) });
  };
  return {
    ...store,
    flash,
    record,
    error: (error, about) => {
      const failure = failureOf(error);
      // Somebody ended it: no news to them.
      if (failure.kind === 'interrupted') return;
      record(failure, about);
      flash(failure.message, 'error');
    },
    keyPressed: () => {
      if (store.getState().flash !== undefined) store.setState({ flash: undefined });
    },
  };
}
