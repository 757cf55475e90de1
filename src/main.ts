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

const { run } = await import('./cli/run.ts');
process.exitCode = await run(process.argv.slice(2), process, {
  // The command line does not know the console: here they meet, and only when the console is wanted.
  openConsole: async (context) => (await import('./console/start.ts')).start(context),
  regionWorker: new URL('./region-worker.js', import.meta.url),
});

export {};
