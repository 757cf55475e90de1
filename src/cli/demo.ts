import { startRegion } from '../demo/region.ts';
import { Failure } from '../text/failure.ts';
import type { Verb } from './program.ts';

/** `demo`: the embedded region as a server of its own, for any AWS client, until Ctrl-C. */
export const demo: Verb = async (context, _, options) => {
  const port = Number(options.port);
  const running = await startRegion({
    port,
    ...(options.seed === undefined ? {} : { seed: Number(options.seed) }),
    ...(context.options.speed === undefined ? {} : { speed: context.options.speed }),
    airflow: pairs(options.airflow, '--airflow', 'ENV=URL'),
    images: pairs(options.image, '--image', 'IMAGE=COMMAND'),
  }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EADDRINUSE') throw cause;
    throw new Failure('usage', `Port ${port} of 127.0.0.1 is in use.`, {
      advice: 'Choose another with --port.',
      cause,
    });
  });
  try {
    for (const line of [
      `export AWS_ENDPOINT_URL=${running.url}`,
      'export AWS_REGION=eu-west-1',
      'export AWS_DEFAULT_REGION=eu-west-1',
      'export AWS_ACCESS_KEY_ID=AKIADEMOADMIN0000000',
      'export AWS_SECRET_ACCESS_KEY=demo',
      'export AWS_DISABLE_HOST_PREFIX_INJECTION=true',
      'export AWS_EC2_METADATA_DISABLED=true',
    ]) {
      context.print.line(line);
    }
    context.print.note(`The embedded region listens on ${running.url}; Ctrl-C ends it and forgets everything.`, 'dim');
    await new Promise<void>((resolve) => {
      if (context.signal.aborted) resolve();
      context.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    return 0;
  } finally {
    await running.close();
  }
};

function pairs(values: unknown, option: string, form: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const value of (values as string[] | undefined) ?? []) {
    const at = value.indexOf('=');
    if (at < 1 || at === value.length - 1) {
      throw new Failure('usage', `${option} ${value} is not of the form ${form}.`, {
        advice: `Write ${option} ${form}.`,
      });
    }
    found[value.slice(0, at)] = value.slice(at + 1);
  }
  return found;
}
