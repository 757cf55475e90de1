import type { LogEvent } from './event.ts';

/** A difference between clocks, in ms, that is not explained by the time lines take to be seen. */
const SKEW = 60_000;

/**
 * What time it is for the service, told by the ingestion times it stamps, so that a local clock that is minutes off
 * neither blinds the watermark nor falsifies the lag.
 */
export class ServerTime {
  /** The service's clock minus ours is at least this, in ms; undefined before the first event. */
  #ahead: number | undefined;

  observe(event: LogEvent, now: number): void {
    const ahead = event.ingestionTime - now;
    if (this.#ahead === undefined || ahead > this.#ahead) this.#ahead = ahead;
  }

  /** The service's time at our time `now`, or a little before it; our own while nothing is known. */
  at(now: number): number {
    return now + (this.#ahead ?? 0);
  }

  /** How far our clock is ahead of the service's as far as it must be, ms: 0 while lines explain the difference. */
  get skew(): number {
    const behind = -(this.#ahead ?? 0);
    return behind < 0 || behind > SKEW ? behind : 0;
  }
}
