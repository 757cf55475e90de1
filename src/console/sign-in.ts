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
  const { session, choice } = console.session.getState();
  const inUse = profile.name === (session?.profile ?? choice.profile ?? 'default');
  if (command === undefined && profile.mfa) {
    await (inUse ? goOn(console) : changeSession(console, { ...choice, profile: profile.name }));
    return;
  }
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
  if (!inUse) return changeSession(console, { ...choice, profile: profile.name });
  await goOn(console);
  console.notices.flash(`${profile.name} is signed in`);
}

/** Asks again who we are; fails with what is in the way. */
async function goOn({ session }: Console): Promise<void> {
  await session.retry();
  const { failure } = session.getState();
  if (failure !== undefined) throw failure;
}

const RENEWED_UNASKED: readonly Profile['kind'][] = ['role', 'web-identity', 'process'];

/** What the user has to do when the credentials in use end, in a few words; undefined where they are renewed unasked. */
export async function whatRenews(console: Console): Promise<string | undefined> {
  const profile = await profileInUse(console);
  if (profile?.mfa === true) return 'an MFA code will be asked for';
  if (profile === undefined || signInCommand(profile) !== undefined) return ':login signs in again';
  return RENEWED_UNASKED.includes(profile.kind) ? undefined : ':login signs in again';
}
