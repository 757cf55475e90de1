import { once } from 'node:events';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';

/** A port of this machine that answers no SYN. */
export interface SilentPort {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens and then never turns to it again: the kernel takes as many as its queue holds, and lets all others wait. */
const DEAF = `
const { parentPort, workerData } = require('node:worker_threads');
const server = require('node:net').createServer();
server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
  parentPort.postMessage(server.address().port);
  Atomics.wait(workerData, 0, 0);
});`;

/** More than a queue of one takes, on any system. */
const CALLERS = 8;

/** Opens a port whose queue is full: to whoever connects it is as silent as one behind a firewall. */
export async function silentPort(): Promise<SilentPort> {
  const worker = new Worker(DEAF, { eval: true, workerData: new Int32Array(new SharedArrayBuffer(4)) });
  const [port] = (await once(worker, 'message')) as [number];
  const callers = Array.from({ length: CALLERS }, () => connect(port, '127.0.0.1').on('error', () => {}));
  // All have asked once the first has been answered: the loopback does one after the other.
  await Promise.any(callers.map((caller) => once(caller, 'connect')));
  return {
    port,
    close: async () => {
      for (const caller of callers) caller.destroy();
      await worker.terminate();
    },
  };
}
