/** A line to be written, and when a reader may see it first; times are ms since the epoch. */
export interface HostileLine {
  readonly group: string;
  readonly stream: string;
  readonly timestamp: number;
  readonly visibleAt: number;
  readonly message: string;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** What lines a hostile world has. */
export interface HostileWorld {
  readonly groups: readonly string[];
  readonly lines: number;
  /** First timestamp, and the time over which the others are spread, ms. */
  readonly from: number;
  readonly span: number;
  /** Latest that a line may come, ms. */
  readonly latest: number;
}

/**
 * Lines that come late, up to `latest`; many in the same millisecond; some two hours ahead of their time; in streams that
 * come into being on the way.
 */
export function hostileLines(random: () => number, { groups, lines, from, span, latest }: HostileWorld): HostileLine[] {
  return Array.from({ length: lines }, (_, number) => {
    const group = groups[Math.floor(random() * groups.length)] ?? '';
    const exact = from + random() * span;
    const timestamp = Math.ceil(random() < 0.3 ? Math.ceil(exact / 10_000) * 10_000 : exact);
    const dice = random();
    const usual = Math.min(10 * SECOND, latest);
    const late = dice < 0.6 ? random() * usual : random() * (dice < 0.9 ? Math.min(4 * MINUTE, latest) : latest);
    return {
      group,
      stream: `stream-${Math.floor((timestamp - from) / (span / 6))}`,
      timestamp: timestamp + (random() < 0.02 ? 2 * HOUR - MINUTE : 0),
      visibleAt: Math.floor(timestamp + late),
      message: `line ${number}`,
    };
  });
}

/** Most requests that were ever made above what a budget of `rate` a second and `burst` at once allows. */
export function beyondBudget(at: readonly number[], { rate, burst }: { rate: number; burst: number }): number {
  let tokens = burst;
  let before = at[0] ?? 0;
  let most = 0;
  for (const time of at) {
    tokens = Math.min(burst, tokens + ((time - before) / SECOND) * rate) - 1;
    before = time;
    most = Math.max(most, -tokens);
  }
  return most;
}
