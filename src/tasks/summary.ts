import { compareEvents, type LogEvent } from '../logs/event.ts';
import type { StepSummary, WorkflowSummary } from './types.ts';

/**
 * The lines of the summary that every OpenMetadata workflow prints at its end, one log line each, behind the logger's own
 * prefix and with ANSI colours around: https://github.com/open-metadata/OpenMetadata,
 * ingestion/src/metadata/workflow/workflow_output_handler.py (since 1.2; `Updated records` since 1.5).
 */
const STEP = /\bWorkflow (.{1,120}?) Summary:/;
const COUNT = /\b(Processed records|Updated records|Filtered|Warnings|Errors): (\d+|None)\b/;
const SUCCESS = /\bSuccess %: (\d+(?:\.\d+)?)/;
const COUNTERS: Readonly<Record<string, keyof Omit<StepSummary, 'name'>>> = {
  'Processed records': 'records',
  'Updated records': 'updated',
  Filtered: 'filtered',
  Warnings: 'warnings',
  Errors: 'errors',
};
/** Any of the above, before a line is looked at closely: nearly all lines end here. */
const ANY = /Summary:|records: |Filtered: |Warnings: |Errors: |Success %: /;
/** SGR sequences; a bare ESC can't be written in a regular expression literal. */
const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, 'g');

/** Keeps the lines of a log that belong to workflow summaries, in whatever order they are found. */
export class SummaryCollector {
  readonly #events: LogEvent[] = [];

  add(events: readonly LogEvent[]): void {
    for (const event of events) if (ANY.test(event.message)) this.#events.push(event);
  }

  /** The last summary in the log; null while there is none. */
  get summary(): WorkflowSummary | null {
    this.#events.sort(compareEvents);
    return parseSummary(this.#events.map((event) => event.message));
  }
}

/** Reads the last workflow summary among lines in time order; null when there is none. */
export function parseSummary(messages: readonly string[]): WorkflowSummary | null {
  let steps: Record<string, StepSummary> = {};
  let success: number | null = null;
  let step: string | undefined;
  for (const message of messages.flatMap((text) => text.replace(COLOURS, '').split('\n'))) {
    const name = STEP.exec(message)?.[1];
    if (name !== undefined) {
      // A step seen before its summary was complete, or a second workflow in the same log: the last one counts.
      if (success !== null) steps = {};
      success = null;
      step = name;
      steps[name] = { name, records: 0, updated: 0, filtered: 0, warnings: 0, errors: 0 };
      continue;
    }
    const count = COUNT.exec(message);
    const counter = COUNTERS[count?.[1] ?? ''];
    const current = step === undefined ? undefined : steps[step];
    if (count !== null && counter !== undefined && current !== undefined) {
      steps[current.name] = { ...current, [counter]: Number(count[2]) || 0 };
      continue;
    }
    const percent = SUCCESS.exec(message)?.[1];
    if (percent !== undefined && step !== undefined) success = Number(percent);
  }
  const found = Object.values(steps);
  if (found.length === 0) return null;
  const sum = (counter: keyof Omit<StepSummary, 'name'>) => found.reduce((total, each) => total + each[counter], 0);
  return {
    steps: found,
    records: sum('records'),
    filtered: sum('filtered'),
    warnings: sum('warnings'),
    errors: sum('errors'),
    success,
  };
}
