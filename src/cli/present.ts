import { Failure } from '../text/failure.ts';
import type { Context } from './context.ts';

/** Prints a command's data in the form that `-o` asks for; `table` paints it for people. */
export async function present(
  { print, format, options }: Context,
  value: unknown,
  table: () => void | Promise<void>,
): Promise<void> {
  if (options.output !== format) {
    throw new Failure('usage', `${options.output} is not a form of this command's output.`, {
      advice: 'Use -o table, -o json or -o yaml.',
    });
  }
  if (format === 'json') print.json(value);
  else if (format === 'yaml') await print.yaml(value);
  else await table();
}
