// Run before the product (--import): on SIGUSR2 adds a line to the file USAGE that tells what the process has used.
import { appendFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const file = process.env.USAGE;

if (isMainThread && file !== undefined) {
  process.on('SIGUSR2', () => {
    // With --expose-gc: what is held, not what waits to be let go.
    globalThis.gc?.();
    appendFileSync(file, `${JSON.stringify({ cpu: process.cpuUsage(), memory: process.memoryUsage() })}\n`);
  });
}
