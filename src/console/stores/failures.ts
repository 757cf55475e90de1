import { Failure } from '../../text/failure.ts';

/** Whether an error only says that somebody aborted: nobody waits for it any more. */
export function isAborted(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted && (error === signal.reason || (error instanceof Error && error.name === 'AbortError'));
}

/**
 * Anything thrown as the Failure to show. What is no Failure is a bug: it reads as one, with its stack as
 * the cause, and the console stays up.
 */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Failure('failed', `Internal error: ${message}`, {
    advice: 'This is a bug of mwaa-console: the `!` list holds the details to report.',
    cause: error,
  });
}
