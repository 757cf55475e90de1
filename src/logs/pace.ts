const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** How far back each poll looks, as wished: lines are 5 to 20 s late as a rule. */
const WISHED_WINDOW = 30 * SECOND;
const LEAST_WINDOW = 2 * SECOND;
const SHORTEST_INTERVAL = 2 * SECOND;
const LONGEST_INTERVAL = 10 * SECOND;
/** A busy group is asked this often all the same, so that its lag stays small. */
const BUSY_INTERVAL = 5 * SECOND;
/** How far back a sweep looks, and how often it runs at most: for lines that come minutes late. */
export const SWEEP_WINDOW = 5 * MINUTE;
const SWEEP_INTERVAL = MINUTE;
/**
 * Deep sweeps are for lines up to an hour late (gaps that filled half an hour later are on record): each looks back as far
 * as a line can have come late since the last one began, and this far at least, for lines that come later still.
 */
export const LATEST = 60 * MINUTE;
export const DEEP_WINDOW = 90 * MINUTE;
export const DEEP_INTERVAL = 30 * MINUTE;
/** Part of the requests that polls may use; the rest is for sweeps. */
const POLL_SHARE = 0.75;
/** How much a new measurement counts against those before. */
const WEIGHT = 0.3;

/**
 * Window and interval of one group's polls, fitted to the group's rate and to its part of the request budget. The
 * budget itself is kept by the session: this only avoids asking for more than it gives.
 */
export class Pace {
  readonly #share: () => number;
  /** Pages that a second of event time fills; measured. */
  #pagesPerSecond = 0;
  #window = WISHED_WINDOW;
  #interval: number;
  #sweepInterval = SWEEP_INTERVAL;

  /** `share`: requests a second that this group may make now. */
  constructor(share: () => number) {
    this.#share = share;
    this.#interval = this.#restingInterval;
  }

  /** ms. */
  get window(): number {
    return this.#window;
  }

  get shortened(): boolean {
    return this.#window < WISHED_WINDOW;
  }

  /** ms between two polls. */
  get interval(): number {
    return this.#interval;
  }

  /** ms between two sweeps. */
  get sweepInterval(): number {
    return this.#sweepInterval;
  }

  /** Learns from a finished poll: pages it filled, and the event time it covered, in ms. */
  polled(pages: number, covered: number): void {
    if (covered <= 0) return;
    const rate = pages / (covered / SECOND);
    this.#pagesPerSecond += (rate - this.#pagesPerSecond) * (this.#pagesPerSecond === 0 ? 1 : WEIGHT);
    this.#fit();
  }

  /** Learns from a finished sweep: the next one comes when the sweeps' part of the budget has grown back. */
  swept(requests: number): void {
    const share = this.#share() * (1 - POLL_SHARE);
    this.#sweepInterval = Math.max(SWEEP_INTERVAL, (requests / share) * SECOND);
  }

  get #restingInterval(): number {
    return clamp(SECOND / (this.#share() * POLL_SHARE), SHORTEST_INTERVAL, LONGEST_INTERVAL);
  }

  /**
   * A poll costs 1 + rate × (window + interval) pages and may cost share × interval: a wider interval first, then a
   * smaller window, since the window is what catches late lines soon and a sweep catches them anyway.
   */
  #fit(): void {
    const perSecond = this.#share() * POLL_SHARE;
    const rate = this.#pagesPerSecond;
    let interval = this.#restingInterval;
    let window = affordableWindow(perSecond, rate, interval);
    while (window < WISHED_WINDOW && interval < BUSY_INTERVAL) {
      interval = Math.min(BUSY_INTERVAL, interval + SECOND);
      window = affordableWindow(perSecond, rate, interval);
    }
    this.#interval = interval;
    this.#window = Math.round(clamp(window, LEAST_WINDOW, WISHED_WINDOW));
  }
}

/**
 * The window (ms) at which polls every `interval` ms use `perSecond` requests when `rate` pages a second arrive. A poll
 * costs a request however short its window: what fits into that one page is looked at in any case.
 */
function affordableWindow(perSecond: number, rate: number, interval: number): number {
  if (rate === 0) return WISHED_WINDOW;
  return (Math.max(1, perSecond * (interval / SECOND) - 1) / rate) * SECOND - interval;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
