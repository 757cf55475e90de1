import { type Program, type ProgramOptions, put } from './program.ts';

/** What a program prints, and when, in ms since its start. */
export interface TimelineLine {
  readonly after: number;
  readonly text: string;
}

/** A program whose output and end are known when it starts. */
export interface Timeline {
  readonly lines: readonly TimelineLine[];
  /** When it ends by itself, ms since its start; `Infinity` when it doesn't. */
  readonly ends: number;
  readonly exitCode: number;
  /** Said with the exit code, such as that the kernel killed it. */
  readonly reason?: string;
  /** Whether SIGTERM ends it; a first process without a handler is not ended by it. */
  readonly heeds: boolean;
}

/** How much of the output is sent at once, in ms. */
const BATCH = 1_000;

/** Plays a timeline on the region's clock; lines that lie in the past are sent at once. `ended` hears of every end. */
export function playTimeline(
  options: ProgramOptions,
  timeline: Timeline,
  ended: (code: number) => void = () => {},
): Program {
  const { region, startedAt, exited } = options;
  let sent = 0;
  let next: () => void = () => {};
  let over = false;

  const send = (until: number): void => {
    const from = sent;
    while (sent < timeline.lines.length && startedAt + (timeline.lines[sent]?.after ?? 0) <= until) sent++;
    const events = timeline.lines.slice(from, sent).map(({ after, text }) => ({
      timestamp: startedAt + after,
      // awslogs sends no empty event: the driver drops it.
      message: text,
    }));
    put(
      options,
      events.filter(({ message }) => message !== ''),
    );
  };
  const end = (code: number, reason?: string): void => {
    if (over) return;
    over = true;
    next();
    send(region.clock.now());
    ended(code);
    exited(code, reason);
  };
  const step = (): void => {
    const now = region.clock.now();
    if (now >= startedAt + timeline.ends) {
      end(timeline.exitCode, timeline.reason);
      return;
    }
    send(now);
    const line = timeline.lines[sent];
    const due = Math.min(
      line === undefined ? Number.POSITIVE_INFINITY : Math.max(line.after, now - startedAt + BATCH),
      timeline.ends,
    );
    if (Number.isFinite(due)) next = region.clock.after(startedAt + due - now, step);
  };
  // Not in the constructor's own turn: what starts a program has to know it before it ends.
  next = region.clock.after(0, step);
  return {
    terminate: () => {
      if (!timeline.heeds || over) return;
      next();
      send(region.clock.now());
      next = region.clock.after(600, () => end(143));
    },
    kill: () => end(137),
  };
}
