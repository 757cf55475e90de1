import type { Clock } from './clock.ts';
import type { CallRecord } from './session.ts';
import { withoutSecrets } from './withheld.ts';

/** Calls kept for the `@` list. */
const KEPT = 500;

/** The calls of a session, newest last, without secrets, and who wants to hear of them. */
export class CallList {
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #ended: (record: CallRecord) => void;
  #records: CallRecord[] = [];

  constructor(clock: Clock, changed: () => void, ended: (record: CallRecord) => void) {
    this.#clock = clock;
    this.#changed = changed;
    this.#ended = ended;
  }

  /** A new array after every change, so that it can be compared by identity. */
  get records(): readonly CallRecord[] {
    return this.#records;
  }

  /** Notes that a call begins. */
  begin(service: string, operation: string, input: object): CallRecord {
    const record: CallRecord = { at: this.#clock.now(), service, operation, input: withoutSecrets(input) };
    this.#records = [...this.#records.slice(1 - KEPT), record];
    this.#changed();
    return record;
  }

  /** Notes its end; `error` is the failure's code. */
  end(record: CallRecord, attempts: number, error: string | undefined): void {
    record.duration = this.#clock.now() - record.at;
    record.attempts = attempts;
    if (error !== undefined) record.error = error;
    this.#records = [...this.#records];
    this.#ended(record);
    this.#changed();
  }
}
