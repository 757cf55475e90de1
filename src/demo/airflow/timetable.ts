import { Cron } from './cron.ts';
import type { DagDefinition } from './python/definition.ts';
import { atLeast } from './versions.ts';

/** A run that the timetable asks for; all times ms since the epoch. */
export interface PlannedRun {
  /** When the scheduler may create it. */
  readonly runAfter: number;
  /** `execution_date` before Airflow 3. */
  readonly logicalDate: number;
  readonly intervalStart: number;
  readonly intervalEnd: number;
}

/** When a DAG runs by itself. */
export interface Timetable {
  /**
   * The next run after the last one. Without catchup, missed runs but the latest are left out; a cron
   * schedule of Airflow 3 begins with the next time, one of Airflow 2 with the latest whole interval.
   */
  next(last: PlannedRun | undefined, now: number): PlannedRun | undefined;
}

/** The timetable of a DAG; undefined for one that only runs when it is asked to. */
export function timetableOf(definition: DagDefinition, airflowVersion: string): Timetable | undefined {
  const { schedule } = definition;
  switch (schedule.kind) {
    case 'cron':
      try {
        return new CronTimetable(new Cron(schedule.expression), definition, atLeast(airflowVersion, '3.0.0'));
      } catch (error) {
        // Airflow would refuse the file; the reader has only checked the number of fields.
        if (error instanceof RangeError) return undefined;
        throw error;
      }
    case 'interval':
      return new IntervalTimetable(schedule.seconds * 1000, definition);
    case 'once':
      return { next: (last, now) => (last === undefined ? at(definition.startDate ?? now) : undefined) };
    case 'continuous':
      return { next: (_, now) => at(now) };
    default:
      return undefined;
  }
}

function at(time: number): PlannedRun {
  return { runAfter: time, logicalDate: time, intervalStart: time, intervalEnd: time };
}

class CronTimetable implements Timetable {
  readonly #cron: Cron;
  readonly #definition: DagDefinition;
  /** Airflow 3's CronTriggerTimetable: a run is about its own moment, not about the interval before it. */
  readonly #trigger: boolean;

  constructor(cron: Cron, definition: DagDefinition, trigger: boolean) {
    this.#cron = cron;
    this.#definition = definition;
    this.#trigger = trigger;
  }

  next(last: PlannedRun | undefined, now: number): PlannedRun | undefined {
    const start = this.#definition.startDate ?? now;
    const latest = this.#cron.previous(now);
    const first = this.#trigger ? this.#cron.next(start - 1) : this.#cron.next(this.#cron.next(start - 1));
    const following = last === undefined ? first : this.#cron.next(last.runAfter);
    const fresh = last === undefined && this.#trigger ? this.#cron.next(now) : latest;
    const time = this.#definition.catchup ? following : Math.max(following, fresh);
    return Number.isFinite(time) ? this.#run(time) : undefined;
  }

  #run(time: number): PlannedRun {
    if (this.#trigger) return at(time);
    const start = this.#cron.previous(time - 1);
    return { runAfter: time, logicalDate: start, intervalStart: start, intervalEnd: time };
  }
}

class IntervalTimetable implements Timetable {
  readonly #length: number;
  readonly #definition: DagDefinition;

  constructor(length: number, definition: DagDefinition) {
    this.#length = Math.max(1000, length);
    this.#definition = definition;
  }

  next(last: PlannedRun | undefined, now: number): PlannedRun | undefined {
    const start = this.#definition.startDate ?? now;
    const following = last === undefined ? start : last.intervalEnd;
    const missed = Math.floor((now - following) / this.#length) - 1;
    const from = this.#definition.catchup || missed <= 0 ? following : following + missed * this.#length;
    const end = from + this.#length;
    return { runAfter: end, logicalDate: from, intervalStart: from, intervalEnd: end };
  }
}
