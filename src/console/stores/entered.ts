import { createStore, type StoreApi } from 'zustand/vanilla';
import { type History, withLine } from '../../settings/history.ts';
import { failureOf } from './failures.ts';
import type { Notices } from './notices.ts';

/** Lines entered into the `:` palette, oldest first, of this console and of those before it. */
export interface Entered extends StoreApi<{ readonly lines: readonly string[] }> {
  /** Takes in what other consoles have added. */
  load(): void;
  add(line: string): void;
}

/** Without a history the lines are this console's alone. A history that can't be kept is told in `!`, and missed. */
export function createEntered(history: History | undefined, notices: Notices): Entered {
  const store = createStore<{ readonly lines: readonly string[] }>()(() => ({ lines: [] }));
  const tell = (error: unknown) => notices.record(failureOf(error), 'command history');
  let adding = Promise.resolve();
  return {
    ...store,
    load: () => {
      if (history === undefined) return;
      // What is being added is in the file first, and in its place.
      adding = adding.then(async () => store.setState({ lines: await history.read() })).catch(tell);
    },
    add: (line) => {
      store.setState({ lines: withLine(store.getState().lines, line) });
      if (history !== undefined) adding = adding.then(() => history.add(line)).catch(tell);
    },
  };
}
