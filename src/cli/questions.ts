import { Failure } from '../text/failure.ts';
import { printable } from '../text/printable.ts';
import type { Context, GlobalOptions, Process } from './context.ts';

/** How a command asks: only on a terminal; a script answers by options. */
export function confirmer(
  { stdin, stderr }: Process,
  { yes }: Pick<GlobalOptions, 'yes'>,
  signal: AbortSignal,
): Pick<Context, 'ask' | 'confirm'> {
  const isTerminal = stdin.isTTY === true && stderr.isTTY === true;
  const ask = async (question: string): Promise<string | undefined> => {
    if (!isTerminal) return undefined;
    const { createInterface } = await import('node:readline/promises');
    const lines = createInterface({ input: stdin, output: stderr });
    try {
      return await lines.question(`${printable(question)} `, { signal });
    } finally {
      lines.close();
    }
  };
  return {
    ask,
    confirm: async (question) => {
      if (yes) return true;
      const answer = await ask(`${question} [y/N]`);
      if (answer === undefined) {
        throw new Failure('refused', `This needs a confirmation and there is no terminal to ask on: ${question}`, {
          advice: 'Pass --yes to confirm.',
        });
      }
      return /^y(es)?$/i.test(answer.trim());
    },
  };
}
