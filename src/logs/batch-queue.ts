import type { LogEvent } from './event.ts';

/** Events that may wait for a slow reader before the readers of the groups wait too. */
const ROOM = 50_000;

/** Hands batches from several producers to one reader; producers wait while it is full, nothing is dropped. */
export class BatchQueue {
  #batches: LogEvent[][] = [];
  #events = 0;
  #ended = false;
  #wakeReader: (() => void) | undefined;
  #wakeProducers: (() => void)[] = [];

  /** Resolves once the reader has made room for more. */
  async push(batch: LogEvent[], signal: AbortSignal): Promise<void> {
    if (batch.length === 0) return;
    this.#batches.push(batch);
    this.#events += batch.length;
    this.#wakeReader?.();
    while (this.#events > ROOM && !this.#ended) {
      signal.throwIfAborted();
      await new Promise<void>((resolve) => this.#wakeProducers.push(resolve));
    }
  }

  /** No more batches: the reader gets what there is, then undefined. */
  end(): void {
    this.#ended = true;
    this.#wakeReader?.();
    this.#release();
  }

  /** The next batch; undefined at the end. */
  async next(): Promise<LogEvent[] | undefined> {
    while (this.#batches.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wakeReader = resolve;
      });
    }
    const batch = this.#batches.shift();
    if (batch !== undefined) this.#events -= batch.length;
    if (this.#events <= ROOM) this.#release();
    return batch;
  }

  #release(): void {
    for (const wake of this.#wakeProducers.splice(0)) wake();
  }
}
