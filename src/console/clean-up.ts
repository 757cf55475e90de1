import type { Session } from '../aws/session.ts';
import { Failure } from '../text/failure.ts';
import type { Command } from './command.ts';
import type { Console } from './console.ts';

const TIMEOUT = 60_000;

/**
 * Tells, of each session that is opened, what runs with a configuration of their own left behind in its account when they
 * were cut off. The answer stops watching.
 */
export function tellLeftBehind(console: Console): () => void {
  let asked: Session | undefined;
  const look = async () => {
    const { session } = console.session.getState();
    if (session === undefined || session === asked) return;
    asked = session;
    const { leftParts, leftWords } = await import('../tasks/own-configuration/left.ts');
    try {
      const left = await leftParts(session, console.temporary, AbortSignal.timeout(TIMEOUT));
      if (left.length === 0 || console.session.getState().session !== session) return;
      console.notices.error(new Failure('failed', leftWords(left), { advice: ':clean-up-runs removes them.' }), 'runs');
    } catch (error) {
      // Who can't be asked who he is has other troubles on the screen.
      if (!(error instanceof Failure)) throw error;
    }
  };
  void look();
  return console.session.subscribe(() => void look());
}

/** `:clean-up-runs`, on every screen. */
export const cleanUpCommand: Command = {
  id: 'clean-up-runs',
  title: 'Remove the secrets and task definitions that cut-off runs left behind',
  keys: [],
  where: 'everywhere',
  writes: true,
  run: async ({ console }) => {
    const session = console.openSession();
    const signal = AbortSignal.timeout(TIMEOUT);
    const [{ leftParts }, { removeTemporary }] = await Promise.all([
      import('../tasks/own-configuration/left.ts'),
      import('../tasks/own-configuration/temporary.ts'),
    ]);
    const left = await leftParts(session, console.temporary, signal);
    if (left.length === 0) return console.notices.flash('No run has left anything behind');
    const sure = await console.dialogs.confirm({
      title: 'Remove what cut-off runs left behind',
      lines: left.flatMap(({ secretName, family }) => [
        `secret ${secretName}`,
        `  and the revision of ${family} that reads it`,
      ]),
      yes: 'remove them',
      writes: true,
    });
    if (!sure) return;
    const states = [];
    for (const parts of left) states.push(await removeTemporary(session, console.temporary, parts, signal));
    const starting = states.filter((state) => state === 'starting').length;
    if (starting === 0) console.notices.flash('Removed');
    else console.notices.flash(`${starting} of ${left.length} are still read by a task that starts`, 'warn');
  },
};
