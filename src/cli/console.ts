import { Failure } from '../text/failure.ts';
import type { Verb } from './program.ts';

/** No verb: the console; where there is no terminal, the dashboard as text, or with `--demo` the tour. */
export const console: Verb = async (context, args, options) => {
  const { stdin, stdout, env } = context.process;
  if (!stdout.isTTY || !stdin.isTTY) {
    const verb = context.options.demo ? (await import('./tour.ts')).tour : (await import('./dashboard.ts')).dashboard;
    return verb(context, args, options);
  }
  if (env.TERM === 'dumb') {
    throw new Failure('usage', 'This terminal (TERM=dumb) can show no console.', {
      advice: 'The commands work here: `mwaa-console dashboard`, and see `mwaa-console --help`.',
    });
  }
  return context.parts.openConsole(context);
};
