import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { RegionOptions } from './region.ts';

/** Options that can cross to another thread. */
export type WorkerRegionOptions = Omit<RegionOptions, 'clock'>;

/** A region that answers from a thread of its own. */
export interface WorkerRegion {
  readonly url: string;
  readonly port: number;
  /** Stops the region and its thread. */
  close(): Promise<void>;
}

interface Start {
  readonly embeddedRegion: WorkerRegionOptions;
}

type Report =
  | { readonly kind: 'ready'; readonly url: string; readonly port: number }
  | { readonly kind: 'failed'; readonly message: string; readonly code: string | undefined };

/**
 * Starts the region in a worker thread, so that its load never delays a key. `file` is this module's own
 * bundle (`dist/region-worker.js`); without it, as in tests that run the sources, the region starts on the
 * calling thread. Rejects with the system's error (`code` EADDRINUSE) when the port can't be had.
 */
export async function startRegionWorker(options: WorkerRegionOptions = {}, file?: URL): Promise<WorkerRegion> {
  if (file === undefined) {
    const { startRegion } = await import('./region.ts');
    return startRegion(options);
  }
  const start: Start = { embeddedRegion: options };
  const worker = new Worker(file, { workerData: start });
  const report = await new Promise<Report>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`The region's thread ended with code ${code}.`)));
  });
  worker.removeAllListeners();
  if (report.kind === 'failed') {
    await worker.terminate();
    throw Object.assign(new Error(report.message), report.code === undefined ? {} : { code: report.code });
  }
  // A fault inside the region is a bug of ours: it surfaces like any other uncaught error.
  worker.once('error', (error) => {
    queueMicrotask(() => {
      throw error;
    });
  });
  worker.unref();
  return {
    url: report.url,
    port: report.port,
    // Not terminated: the region has child processes and connections to end itself.
    close: () =>
      new Promise((resolve) => {
        worker.once('exit', () => resolve());
        worker.ref();
        worker.postMessage('close');
      }),
  };
}

/** The thread's own side: starts the region that `workerData` asks for and reports its address. */
async function runThread(options: WorkerRegionOptions): Promise<void> {
  const report = (message: Report): void => parentPort?.postMessage(message);
  try {
    const { startRegion } = await import('./region.ts');
    const running = await startRegion(options);
    parentPort?.once('message', () => {
      void running.close().finally(() => process.exit(0));
    });
    report({ kind: 'ready', url: running.url, port: running.port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    report({ kind: 'failed', message: error instanceof Error ? error.message : String(error), code });
  }
}

function isStart(value: unknown): value is Start {
  return typeof value === 'object' && value !== null && 'embeddedRegion' in value;
}

if (!isMainThread && isStart(workerData)) await runThread(workerData.embeddedRegion);
