import { isoTime } from '../text/ages.ts';
import type { RunResult } from './types.ts';

/** A run's result as JSON, times as ISO texts. */
export function resultJson(result: RunResult) {
  const { taskArn, exitCode, stopCode, reason, advice, phases, summary, logEvents } = result;
  return {
    taskArn,
    exitCode,
    stopCode,
    reason,
    advice,
    phases: phases.map(({ name, startedAt, endedAt, duration, pull }) => ({
      name,
      startedAt: isoTime(startedAt),
      endedAt: endedAt === undefined ? null : isoTime(endedAt),
      durationMs: duration,
      pullMs: pull ?? null,
    })),
    summary,
    logEvents,
  };
}
