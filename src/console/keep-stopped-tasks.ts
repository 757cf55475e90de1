import type { Session } from '../aws/session.ts';
import type { Console } from './console.ts';

/** Keeps what any screen sees of stopped tasks, in each session that is opened. The answer stops watching. */
export function keepTasksSeen(console: Console): () => void {
  let kept: Session | undefined;
  const begin = async () => {
    const { session } = console.session.getState();
    if (session === undefined || session === kept) return;
    kept = session;
    const { keepStoppedTasks } = await import('../tasks/records/records.ts');
    keepStoppedTasks(session, console.records);
  };
  void begin();
  return console.session.subscribe(() => void begin());
}
