import { cleanUpCommand } from './clean-up.ts';
import type { Command, CommandContext } from './command.ts';
import type { Console } from './console.ts';
import { globalCommands } from './global-commands.ts';
import { paneCommands } from './pane-commands.ts';
import { sessionCommands } from './session-commands.ts';
import { toolCommands } from './tool-commands.ts';
import type { View } from './view.ts';

/*
 * The one table of commands: the view's own, then those of panes, then those of every screen. Keys, `?`, the
 * footer, the palette and the `a` list read it; nothing else binds a key. To add a command, add a line to
 * the view that it belongs to (its `commands`), with `where` the view's kind; see command.ts for what a
 * line holds. `test/console/commands.test.ts` fails when two share a key or a word where both work, or when a
 * write and a read differ only by Shift.
 */

/** The commands that work on a view's screen, the view's own first. */
export function commandsOf(view: View | undefined): readonly Command[] {
  const own = view?.commands ?? [];
  const taken = new Set(own.flatMap(({ keys }) => keys));
  const shared = paneCommands.flatMap((command): readonly Command[] => {
    if (command.yields !== true) return [command];
    const keys = command.keys.filter((key) => !taken.has(key));
    return keys.length === 0 && command.keyOnly === true ? [] : [{ ...command, keys }];
  });
  return [...own, ...shared, ...globalCommands, ...sessionCommands, ...toolCommands, cleanUpCommand];
}

/** The view of the place where the console is. */
export function currentView(console: Console): View | undefined {
  const { kind } = console.router.place().route;
  return console.views.getState().find((view) => view.kind === kind);
}

/** What commands act on, now. */
export function currentContext(console: Console): CommandContext {
  const { panes } = console.panes.getState();
  const { id, route, focus } = console.router.place();
  const told = console.viewState.getState();
  return {
    console,
    route,
    state: told.place === id ? told.state : currentView(console)?.initialState,
    pane: panes.find((pane) => pane.id === focus) ?? panes[0],
  };
}

/** Why a command can't act now, as a sentence; undefined when it can. */
export function whyDisabled(command: Command, context: CommandContext): string | undefined {
  if (command.writes === true && context.console.lock.getState().locked) {
    return 'This console is read-only: writes are refused. :unlock allows them, if it may';
  }
  return command.disabled?.(context);
}

/** Runs a command, or says why it can't; what it throws is told and kept. */
export async function runCommand(command: Command, console: Console, words: readonly string[] = []): Promise<void> {
  const context = { ...currentContext(console), console: boundToSession(console) };
  const reason = whyDisabled(command, context);
  if (reason !== undefined) {
    console.notices.flash(reason, 'warn');
    return;
  }
  try {
    await command.run(context, words);
  } catch (error) {
    context.console.notices.error(error, command.title);
  }
}

/**
 * The console as a command sees it: bound to the session that it began in. Once another is open, what it still does
 * goes to the one before, which is closed, and what it says is not heard any more.
 */
function boundToSession(console: Console): Console {
  const { session } = console.session.getState();
  if (session === undefined) return console;
  const isOver = () => console.session.getState().session !== session;
  return {
    ...console,
    openSession: () => session,
    notices: {
      ...console.notices,
      flash: (text, tone) => {
        if (!isOver()) console.notices.flash(text, tone);
      },
      error: (error, about) => {
        if (!isOver()) console.notices.error(error, about);
      },
    },
  };
}

/** What is wrong with a table of commands: keys and words that clash, writes a slip away from reads. */
export function clashes(views: readonly View[]): readonly string[] {
  return [undefined, ...views].flatMap((view) => {
    const commands = commandsOf(view);
    const at = view?.kind ?? 'everywhere';
    const found: string[] = [];
    const ids = new Map<string, Command>();
    const keys = new Map<string, Command>();
    for (const command of commands) {
      if (ids.has(command.id)) found.push(`${at}: two commands are called ${command.id}`);
      ids.set(command.id, command);
      for (const key of command.keys) {
        const other = keys.get(key);
        if (other !== undefined) found.push(`${at}: ${key} is bound by ${other.id} and ${command.id}`);
        keys.set(key, command);
      }
    }
    for (const [key, command] of keys) {
      const other = keys.get(key.toLowerCase());
      if (other !== undefined && (other.writes === true) !== (command.writes === true)) {
        found.push(`${at}: ${command.id} and ${other.id} differ only by Shift, and one writes`);
      }
    }
    for (const command of view?.commands ?? []) {
      if (command.where !== view?.kind) found.push(`${at}: ${command.id} says that it works in ${command.where}`);
    }
    return found;
  });
}
