import { commandsOf, currentView, runCommand } from './commands.ts';
import type { Console } from './console.ts';
import type { Key } from './keys.ts';

/** Within this time a second Ctrl-C quits, ms. */
const TWICE_WITHIN = 2000;

/** What becomes of keys and pastes; the app's one listener gives them. */
export interface Dispatcher {
  onKey(key: Key): void;
  onPaste(text: string): void;
}

/**
 * Sends each key to the uppermost layer (dialog or input) that takes it, else to the command it is bound to.
 * Ctrl-C is heard everywhere.
 */
export function createDispatcher(console: Console): Dispatcher {
  let interruptedAt = Number.NEGATIVE_INFINITY;
  const interrupt = () => {
    const now = performance.now();
    if (now - interruptedAt < TWICE_WITHIN) {
      void console.quit();
      return;
    }
    interruptedAt = now;
    console.notices.flash('Ctrl-C again quits', 'warn');
  };
  return {
    onKey: (key) => {
      if (key.name === 'ctrl+c') return interrupt();
      console.notices.keyPressed();
      const { layers } = console.layers.getState();
      const layer = layers.findLast(({ takes }) => takes === undefined || takes(key));
      if (layer !== undefined) return layer.onKey(key);
      // A dialog that was just opened has no layer until it is painted.
      if (console.dialogs.getState().open.length > 0) return;
      const command = commandsOf(currentView(console)).find(({ keys }) => keys.includes(key.name));
      if (command !== undefined) void runCommand(command, console);
    },
    onPaste: (text) => {
      const top = console.layers.getState().layers.at(-1);
      if (top?.onPaste !== undefined) top.onPaste(text);
      else console.notices.flash('Nothing here takes a paste', 'warn');
    },
  };
}
