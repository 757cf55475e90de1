import type { Profile } from '../aws/profiles.ts';
import { signInCommand } from '../aws/sign-in.ts';
import { Failure } from '../text/failure.ts';
import type { Console } from './console.ts';
import type { SessionChoice } from './stores/session.ts';
import { lendTo } from './terminal/handover.ts';

/** Opens another session on the dashboard; work under way belongs to the one before, so it must end first. */
export async function changeSession(console: Console, choice: SessionChoice): Promise<void> {
  const [job] = console.jobs.getState().running;
  if (job !== undefined) {
    console.notices.flash(`Not now: ${job.title} is under way`, 'warn');
    return;
  }
  // Questions about the one before must not be answered for the next.
  console.dialogs.closeAll();
  // Nor may a key that comes before the rows are gone open one of them.
  const forget = console.session.subscribe(({ session }, before) => {
    if (session !== before.session) console.dialogs.closeAll();
  });
  console.router.reset({ kind: 'dashboard' });
  await console.session.open(choice).finally(forget);
  console.ticker.tick();
  showProfiles(console);
}

/** Goes to the profile list where there is nobody to sign in as. */
export function showProfiles(console: Console): void {
  const { session, identity, failure } = console.session.getState();
  const { options, router } = console;
  if (failure === undefined || identity !== undefined || options.embedded === true) return;
  const unknown = session === undefined && failure.kind === 'usage';
  if (!unknown && failure.kind !== 'not-signed-in' && failure.kind !== 'expired') return;
  if (router.getState().places.length === 1) router.push({ kind: 'profiles' });
}

/** Leaves the profile list once somebody is signed in, here or elsewhere; the answer ends it. */
export function leaveProfilesWhenSignedIn({ session, router }: Console): () => void {
  return session.subscribe((state, before) => {
    const isSomebody = state.identity !== undefined && state.failure === undefined;
    const wasSomebody = before.identity !== undefined && before.failure === undefined;
    if (isSomebody && !wasSomebody && router.place().route.kind === 'profiles') router.back();
  });
}

/** The profile of the session in use, as the user's files have it. */
export async function profileInUse({ session: store, options }: Console): Promise<Profile | undefined> {
  const { session, choice } = store.getState();
  const name = session?.profile ?? choice.profile ?? 'default';
  return (await options.profiles?.())?.find((profile) => profile.name === name);
}

/**
 * Lends the terminal to the command that signs a profile in, with further options of the user's. Where it is the
 * profile in use everything goes on where it was; else the console changes to it.
 */
export async function signIn(console: Console, profile: Profile, options: readonly string[] = []): Promise<void> {
  const command = signInCommand(profile);
  if (command === undefined) {
    throw new Failure('refused', `No command signs profile ${profile.name} in.`, {
      advice: 'Renew its credentials where they come from: the console sees it by itself.',
      resource: profile.name,
    });
  }
  const whole = [...command, ...options];
  const code = await lendTo(console.suspend, whole, console.options.environment);
  if (code !== 0) {
    throw new Failure('failed', `${whole.join(' ')} ended with ${code}.`, {
      advice: 'Without a browser on this machine try :login --use-device-code --no-browser.',
      resource: profile.name,
    });
  }
  const { session, choice } = console.session.getState();
  const inUse = session?.profile ?? choice.profile ?? 'default';
  if (profile.name !== inUse) return changeSession(console, { ...choice, profile: profile.name });
  await console.session.retry();
  const { failure } = console.session.getState();
  if (failure !== undefined) throw failure;
  console.notices.flash(`${profile.name} is signed in`);
}
