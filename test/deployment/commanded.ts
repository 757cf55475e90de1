import { Readable } from 'node:stream';
import type { Session } from '../../src/aws/session.ts';
import type { Context, GlobalOptions, Process } from '../../src/cli/context.ts';
import { Printer } from '../../src/cli/print.ts';
import { program } from '../../src/cli/program.ts';
import { confirmer } from '../../src/cli/questions.ts';
import { memoryJournal } from '../../src/tasks/own-configuration/journal.ts';
import { memoryRecords } from '../../src/tasks/records/memory.ts';
import { Failure } from '../../src/text/failure.ts';
import type { Ended } from '../support/command.ts';

/**
 * Runs a command line on a session that is there already, without a terminal: what a deployment on virtual time tells
 * whoever has asked for it. Bugs are thrown.
 */
export async function commanded(session: Session, argv: readonly string[], input = ''): Promise<Ended> {
  const out: string[] = [];
  const err: string[] = [];
  const print = new Printer(collected(out), collected(err), false);
  const { signal } = new AbortController();
  const process = { stdin: Readable.from([input]), env: {} } as unknown as Process;
  const begin = (options: GlobalOptions) => {
    const context: Context = {
      process,
      options,
      print,
      format: 'table',
      signal,
      session: async () => session,
      temporary: memoryJournal(),
      records: memoryRecords(),
      parts: { openConsole: () => Promise.reject(new Error('No console opens without a terminal.')) },
      ...confirmer({ ...process, stderr: {} } as Process, options, signal),
    };
    return { context, close: async () => {} };
  };
  const ended = (code: number): Ended => ({ code, stdout: out.join(''), stderr: err.join('') });
  try {
    return ended(await program({ version: '0.0.0', print, begin }, argv));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    print.failure(error);
    return ended(error.exitCode);
  }
}

function collected(texts: string[]) {
  return { write: (text: string) => texts.push(text) > 0 };
}
