/** Width of a bucket of ids, in ms of event time: ids are let go a bucket at a time. */
const BUCKET = 1000;

/**
 * The ids that were delivered, kept by event time. An id may go only when no query, running or planned, can return it
 * again: so letting go raises `floor`, and no query may start before `floor`.
 */
export class SeenEvents {
  readonly #buckets = new Map<number, Set<string>>();
  #size = 0;
  #floor: number;
  #lastBucket = Number.NaN;
  #lastIds: Set<string> = new Set();

  /** `floor`: the first event time (ms) that will ever be asked for. */
  constructor(floor: number) {
    this.#floor = floor;
  }

  /** Ids held. */
  get size(): number {
    return this.#size;
  }

  /** The earliest event time (ms) that a query may start at without delivering a line twice. */
  get floor(): number {
    return this.#floor;
  }

  /**
   * Remembers an event; false when it was known, or comes from before `floor` (in the last page of a query that was given
   * up), where that can't be told any more.
   */
  add(timestamp: number, eventId: string): boolean {
    if (timestamp < this.#floor) return false;
    const bucket = Math.floor(timestamp / BUCKET);
    if (bucket !== this.#lastBucket) {
      let ids = this.#buckets.get(bucket);
      if (ids === undefined) {
        ids = new Set();
        this.#buckets.set(bucket, ids);
      }
      this.#lastBucket = bucket;
      this.#lastIds = ids;
    }
    const before = this.#lastIds.size;
    this.#lastIds.add(eventId);
    if (this.#lastIds.size === before) return false;
    this.#size += 1;
    return true;
  }

  /** Lets go of ids from before `time` (ms); the caller vouches that no running query started before it. */
  forgetBefore(time: number): void {
    if (time <= this.#floor) return;
    this.#floor = time;
    const first = Math.floor(time / BUCKET);
    for (const [bucket, ids] of this.#buckets) {
      if (bucket >= first) continue;
      this.#size -= ids.size;
      this.#buckets.delete(bucket);
      if (bucket === this.#lastBucket) this.#lastBucket = Number.NaN;
    }
  }

  /** The event time up to which ids would have to go for at most `count` to be left. */
  timeFor(count: number): number {
    let size = this.#size;
    let time = this.#floor;
    for (const bucket of [...this.#buckets.keys()].sort((a, b) => a - b)) {
      if (size <= count) break;
      size -= this.#buckets.get(bucket)?.size ?? 0;
      time = Math.max(time, (bucket + 1) * BUCKET);
    }
    return time;
  }
}
