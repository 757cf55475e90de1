/** An abort of one's own that also follows another signal. */
export interface LinkedAbort {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
  /** Lets go of the other signal. */
  unlink(): void;
}

/**
 * A signal that aborts with `parent` or by itself. `AbortSignal.any` would do the same, but on Node 20 a parent that
 * lives for days keeps every signal made from it: https://github.com/nodejs/node/issues/54614.
 */
export function linkedAbort(parent: AbortSignal): LinkedAbort {
  const controller = new AbortController();
  const follow = () => controller.abort(parent.reason);
  if (parent.aborted) follow();
  else parent.addEventListener('abort', follow, { once: true });
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    unlink: () => parent.removeEventListener('abort', follow),
  };
}
