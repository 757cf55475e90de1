/** What the console needs of Ink to lend the terminal to somebody else and take it back. */
export type SuspendTerminal = (borrow: () => Promise<void>) => Promise<void>;

/** A shell without job control ignores the stop; a stopped process hears no timer, so this only ends that case. */
const STOP_PATIENCE = 200;

/**
 * Stops this process and its group as Ctrl-Z does (`fg` brings it back), with the terminal as it was before
 * the console. Resolves once it goes on.
 */
export async function suspendToShell(suspend: SuspendTerminal): Promise<void> {
  await suspend(
    () =>
      new Promise((resolve) => {
        const timer = setTimeout(done, STOP_PATIENCE);
        function done() {
          clearTimeout(timer);
          process.off('SIGCONT', done);
          resolve();
        }
        process.once('SIGCONT', done);
        process.kill(0, 'SIGTSTP');
      }),
  );
}
