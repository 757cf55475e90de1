import type { RunningRegion } from '../../../src/demo/region.ts';
import type { HandClock } from '../../support/hand-clock.ts';

const GROUP = '/ecs/scenario';

/** Gives a region the log group `/ecs/scenario` with lines of an ingestion, `count` tables and then those named. */
export function lines(count: number, ...last: readonly string[]) {
  return (running: RunningRegion, clock: HandClock): void => {
    running.region.logs.createGroup(GROUP, {});
    const tables = Array.from({ length: count }, (_, at) => `table ${at + 1} of ${count}`);
    write(
      running,
      clock,
      ...tables.map((text) => `[2026-06-16 12:19:59] INFO     {metadata.Ingestion:workflow:74} - ${text}`),
      ...last,
    );
  };
}

/** Writes lines into the log group `/ecs/scenario`, now. */
export function write({ region }: RunningRegion, clock: HandClock, ...messages: readonly string[]): void {
  const events = messages.map((message) => ({ timestamp: clock.now(), message }));
  // The region's agents send some lines minutes late.
  if (events.length > 0) region.logs.write(GROUP, 'ecs/openmetadata-ingestion/0123456789abcdef', events, { delay: 0 });
}
