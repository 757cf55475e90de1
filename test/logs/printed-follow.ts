import { EventEmitter } from 'node:events';
import type { Context } from '../../src/cli/context.ts';
import { logs } from '../../src/cli/logs.ts';
import { Printer } from '../../src/cli/print.ts';
import type { LogSession } from '../../src/logs/filter-query.ts';
import { Failure } from '../../src/text/failure.ts';

/** `logs GROUP… -f -o json` in this process, on a session of the caller's. */
export interface PrintedFollow {
  /** Ids of the events printed so far, one for each line. */
  ids(): string[];
  stderr(): string;
  /** SIGUSR1. */
  sweep(): void;
  /** Ctrl-C; resolves with the reason that it ends with. */
  interrupt(): Promise<unknown>;
  /** Settles when it has ended by itself. */
  readonly ended: Promise<number>;
}

/** Starts a follow from `since` (ISO 8601) on. */
export function printedFollow(session: LogSession, groups: readonly string[], since: string): PrintedFollow {
  const out: string[] = [];
  const notes: string[] = [];
  const sink = (texts: string[]) => ({
    write: (text: string) => {
      texts.push(text);
      return true;
    },
  });
  const abort = new AbortController();
  const process = new EventEmitter();
  const context = {
    process,
    options: { output: 'json' },
    format: 'json',
    print: new Printer(sink(out), sink(notes), false),
    signal: abort.signal,
    session: async () => session,
  } as unknown as Context;
  const ended = logs(context, groups, { follow: true, since });
  ended.catch(() => {});
  return {
    ids: () =>
      out
        .join('')
        .split('\n')
        .filter(Boolean)
        .map((line) => (JSON.parse(line) as { eventId: string }).eventId),
    stderr: () => notes.join(''),
    sweep: () => process.emit('SIGUSR1'),
    interrupt: () => {
      abort.abort(new Failure('interrupted', 'Interrupted.'));
      return ended.catch((error: unknown) => error);
    },
    ended,
  };
}
