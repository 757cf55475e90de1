import { isatty } from 'node:tty';

// The only thing newer than Node 20 that Ink 8 calls.
Promise.withResolvers ??= function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve!: PromiseWithResolvers<T>['resolve'];
  let reject!: PromiseWithResolvers<T>['reject'];
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
};
// The SDK warns on standard error about Node 20, across whatever is on the screen.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const [{ run }, { bugReport }] = await Promise.all([import('./cli/run.ts'), import('./cli/bug.ts')]);
// Node would print a whole line of the bundle with it. A console that is open gives the terminal back first, and then
// throws the error to `run`.
process.on('uncaughtException', (error) => {
  if (process.listenerCount('uncaughtException') > 1) return;
  process.stderr.write(`${bugReport(error).join('\n')}\n`);
  process.exit(1);
});
process.exitCode = await run(process.argv.slice(2), process, {
  // The command line does not know the console: here they meet, and only when the console is wanted.
  openConsole: async (context) => (await import('./console/start.ts')).start(context),
  regionWorker: new URL('./region-worker.js', import.meta.url),
});

// Node aborts (134) when it ends and cannot reset a terminal that is gone; the signal's own end resets nothing.
if (process.stdin.isTTY && !isatty(0)) {
  process.removeAllListeners('SIGHUP');
  process.kill(process.pid, 'SIGHUP');
}
