/**
 * One event of a log group, as FilterLogEvents gives it: the only read that carries an event id. Texts are
 * kept as they came; they are made printable where they leave for a terminal. Scripts get it as it is, see
 * docs/schemas.
 */
export interface LogEvent {
  /** When the writer says it happened, in ms since the epoch; up to 2 h in the future is accepted by the service. */
  readonly timestamp: number;
  /** When the service took it in, in ms since the epoch. */
  readonly ingestionTime: number;
  readonly group: string;
  readonly stream: string;
  /** Unique in its group; the key of deduplication. */
  readonly eventId: string;
  readonly message: string;
}

/**
 * How far behind the newest line of its group, in ms, a line has to be found to be called late: streams come 5 to 20 s
 * apart as a rule.
 */
export const LATE = 15_000;

/**
 * The order of FilterLogEvents made total: timestamp, then ingestion time, then event id.
 * Negative when `a` comes first.
 */
export function compareEvents(a: LogEvent, b: LogEvent): number {
  return (
    a.timestamp - b.timestamp ||
    a.ingestionTime - b.ingestionTime ||
    (a.eventId < b.eventId ? -1 : a.eventId > b.eventId ? 1 : 0)
  );
}
