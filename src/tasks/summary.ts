import { compareEvents, type LogEvent } from '../logs/event.ts';
import type { StepSummary, WorkflowSummary } from './types.ts';

/**
 * The lines of the summary that every OpenMetadata workflow prints at its end, one log line each, behind the logger's own
 * prefix and with ANSI colours around: https://github.com/open-metadata/OpenMetadata,
 * ingestion/src/metadata/workflow/workflow_output_handler.py (since 1.2; some lines came with later versions). Each is a
 * whole message: the table of failures between them quotes messages that may hold the same words.
 */
const STEP = /(?:^|} - )Workflow (.{1,120}?) Summary:\s*$/;
const COUNT = /(?:^|} - )(Processed records|Updated records|Filtered|Warnings|Errors): (\d+|None)\s*$/;
const SUCCESS = /(?:^|} - )(Workflow )?Success %: (\d+(?:\.\d+)?)\s*$/;

type Counter = 'records' | 'updated' | 'filtered' | 'warnings' | 'errors';
const COUNTERS: Readonly<Record<string, Counter>> = {
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
  let steps = new Map<string, StepSummary>();
  let current: string | undefined;
  let workflow: number | null = null;
  for (const message of messages.flatMap((text) => text.replace(COLOURS, '').split('\n'))) {
    const name = STEP.exec(message)?.[1];
    if (name !== undefined) {
      // The same step again is another workflow in the same log: the last one counts.
      if (steps.has(name)) {
        steps = new Map();
        workflow = null;
      }
      steps.set(name, { name, records: 0, updated: 0, filtered: 0, warnings: 0, errors: 0, success: null });
      current = name;
      continue;
    }
    const step = steps.get(current ?? '');
    if (step === undefined) continue;
    const count = COUNT.exec(message);
    const counter = COUNTERS[count?.[1] ?? ''];
    const success = SUCCESS.exec(message);
    if (count !== null && counter !== undefined) steps.set(step.name, { ...step, [counter]: Number(count[2]) || 0 });
    else if (success?.[1] !== undefined) workflow = Number(success[2]);
    else if (success !== null) steps.set(step.name, { ...step, success: Number(success[2]) });
  }
  return steps.size === 0 ? null : totalOf([...steps.values()], workflow);
}

function totalOf(steps: readonly StepSummary[], workflow: number | null): WorkflowSummary {
  const told = steps.filter((step) => step.success !== null);
  // Versions that tell no step's share print the workflow's behind the last step, under the same words.
  const only = told.length === 1 && told[0] === steps.at(-1) && steps.length > 1 ? told[0] : undefined;
  const sum = (counter: Counter) => steps.reduce((total, step) => total + step[counter], 0);
  return {
    steps: only === undefined ? steps : steps.map((step) => ({ ...step, success: null })),
    records: sum('records'),
    filtered: sum('filtered'),
    warnings: sum('warnings'),
    errors: sum('errors'),
    success: workflow ?? only?.success ?? (steps.length === 1 ? (steps[0]?.success ?? null) : null),
  };
}
