import type { EventStream, StreamSource } from './event.ts';
import type { WrittenStream } from './streams.ts';

/** A log class; only STANDARD groups can be read by FilterLogEvents. */
export type LogGroupClass = 'STANDARD' | 'INFREQUENT_ACCESS' | 'DELIVERY';

/** A log group. */
export class LogGroup {
  readonly name: string;
  readonly createdAt: number;
  readonly logClass: LogGroupClass;
  readonly tags = new Map<string, string>();
  kmsKeyId: string | undefined;
  retentionInDays: number | undefined;
  /** Bytes held before the region started. */
  storedBytes = 0;
  readonly written = new Map<string, WrittenStream>();
  readonly sources: StreamSource[] = [];

  constructor(name: string, createdAt: number, logClass: LogGroupClass = 'STANDARD') {
    this.name = name;
    this.createdAt = createdAt;
    this.logClass = logClass;
  }

  /** Every stream with events or to be written to between `from` and `to`, ms since the epoch. */
  streams(from: number, to: number): readonly EventStream[] {
    const streams: EventStream[] = [...this.written.values()];
    for (const source of this.sources) streams.push(...source.streams(from, to));
    return streams;
  }

  /** A stream by its name as it is at `now`. */
  stream(name: string, now: number): EventStream | undefined {
    const written = this.written.get(name);
    if (written !== undefined) return written;
    for (const source of this.sources) {
      for (const stream of source.streams(0, now)) if (stream.name === name) return stream;
    }
    return undefined;
  }
}
