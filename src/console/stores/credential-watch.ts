import { shortAge } from '../../text/ages.ts';
import type { Failure } from '../../text/failure.ts';
import type { Notices } from './notices.ts';
import type { SessionState, SessionStore } from './session.ts';

/** Credentials that end sooner than this are warned of, ms. */
export const EXPIRES_SOON = 10 * 60_000;
/** How often somebody who has to sign in is looked for to have done so, ms of the session's clock. */
const LOOK_EVERY = 5000;

/**
 * Bridges the end of credentials: warns before it, and once they have ended looks whether somebody signed in again,
 * here or in another terminal, so that everything goes on by itself. `how` says what the user has to do for that, in a
 * few words; undefined where they are renewed without the user. The answer ends it.
 */
export function watchCredentials(
  store: SessionStore,
  notices: Notices,
  how: () => Promise<string | undefined>,
): () => void {
  let warning = new AbortController();
  let looking = new AbortController();

  const warn = async ({ session, expiresAt }: SessionState, signal: AbortSignal) => {
    if (session === undefined || expiresAt === undefined) return;
    const { clock } = session;
    const words = await how();
    await clock.sleep(expiresAt - EXPIRES_SOON - clock.now(), signal);
    const left = expiresAt - clock.now();
    if (words !== undefined && left > 0) {
      notices.flash(`The session ends in ${shortAge(left)}: ${words}, nothing is lost`, 'warn');
    }
    await clock.sleep(expiresAt - clock.now(), signal);
    // Where nothing is read, nothing else would notice.
    await store.lookAgain();
  };
  const look = async ({ session }: SessionState, signal: AbortSignal) => {
    while (session !== undefined && isSignedOut(store.getState().failure)) {
      await session.clock.sleep(LOOK_EVERY, signal);
      await store.lookAgain();
    }
  };
  const start = (work: (state: SessionState, signal: AbortSignal) => Promise<void>, state: SessionState) => {
    const controller = new AbortController();
    work(state, controller.signal).catch((error: unknown) => {
      if (!controller.signal.aborted) notices.error(error, 'session');
    });
    return controller;
  };
  const stop = store.subscribe((state, before) => {
    if (state.session !== before.session || state.expiresAt !== before.expiresAt) {
      warning.abort();
      warning = start(warn, state);
    }
    const isOut = isSignedOut(state.failure);
    if (state.session === before.session && isOut === isSignedOut(before.failure)) return;
    looking.abort();
    if (isOut) looking = start(look, state);
    if (isOut && state.identity !== undefined) {
      notices.flash('The session has ended: :login signs in again, nothing is lost', 'error');
    } else if (!isOut && state.session === before.session && state.identity !== undefined) {
      notices.flash('Signed in again');
      state.pollers?.hurry();
    }
  });
  return () => {
    stop();
    warning.abort();
    looking.abort();
  };
}

/** Whether a failure of the session is one that signing in mends. */
export function isSignedOut(failure: Failure | undefined): boolean {
  return failure?.kind === 'expired' || failure?.kind === 'not-signed-in';
}
