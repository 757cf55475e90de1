import type { Region } from '../region.ts';
import { AwsError, type Operations } from '../service.ts';
import { arn } from '../world/names.ts';
import { LogGroup, type LogGroupClass } from './groups.ts';
import { logsOperations } from './operations.ts';
import { hash } from './random.ts';
import { agentDelay, SlotCache, streamNumber, WrittenStream } from './streams.ts';
import { seedLogGroups } from './world.ts';

/** How a new group is made. */
export interface LogGroupOptions {
  readonly retentionInDays?: number;
  readonly logClass?: LogGroupClass;
  readonly tags?: Readonly<Record<string, string>>;
  /** When it was made, ms since the epoch; now when absent. */
  readonly createdAt?: number;
}

/** How lines are put. */
export interface WriteOptions {
  /** Ms until the service has them; seeded, from 0.5 to 12 s, when absent. */
  readonly delay?: number;
  /** When they reach the service, ms since the epoch; each line's own time when absent. */
  readonly receivedAt?: number;
}

/** Events kept of what is written while the region runs; above either, the longest stream loses its older half. */
const MOST_EVENTS = 300_000;
const MOST_BYTES = 96 * 1024 * 1024;

/** CloudWatch Logs: groups, streams and events, those of the past made only when they are read. */
export class LogsService {
  readonly operations: Operations = logsOperations;
  readonly region: Region;
  /** Generated lines that were read lately, of all groups. */
  readonly slots = new SlotCache();
  readonly #groups = new Map<string, LogGroup>();
  #puts = 0;
  #roomAt = 0;
  #seed = 1;

  constructor(region: Region) {
    this.region = region;
  }

  /** Makes the groups that the world holds at the start. */
  start(): void {
    this.#seed = this.region.options.seed ?? 1;
    seedLogGroups(this);
  }

  /** The seed of generated history. */
  get seed(): number {
    return this.#seed;
  }

  /** A group by name. */
  group(name: string): LogGroup | undefined {
    return this.#groups.get(name);
  }

  /** Every group, by name. */
  groups(): readonly LogGroup[] {
    return [...this.#groups.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Makes a group, or answers the one that is there. */
  createGroup(name: string, options: LogGroupOptions = {}): LogGroup {
    const there = this.#groups.get(name);
    if (there !== undefined) return there;
    const group = new LogGroup(name, options.createdAt ?? this.region.clock.now(), options.logClass);
    group.retentionInDays = options.retentionInDays;
    for (const [key, value] of Object.entries(options.tags ?? {})) group.tags.set(key, value);
    this.#groups.set(name, group);
    return group;
  }

  /** Removes a group and its events. */
  deleteGroup(name: string): void {
    this.#groups.delete(name);
  }

  /** Makes a stream in a group, or answers the one that is there. */
  createStream(group: LogGroup, name: string): WrittenStream {
    const there = group.written.get(name);
    if (there !== undefined) return there;
    const stream = new WrittenStream(name, this.region.clock.now(), streamNumber(group.name, name));
    group.written.set(name, stream);
    return stream;
  }

  /**
   * Puts lines as an agent of the region would: the stream is made when it is missing; lines for a group that
   * is gone are lost, as they are when a log driver's puts fail.
   */
  write(
    groupName: string,
    streamName: string,
    lines: readonly { readonly timestamp: number; readonly message: string }[],
    options: WriteOptions = {},
  ): void {
    const group = this.#groups.get(groupName);
    if (group === undefined || lines.length === 0) return;
    const stream = this.createStream(group, streamName);
    const sending = hash(this.#seed, groupName, streamName);
    for (const { timestamp, message } of lines) {
      const order = 2 ** 44 + this.#puts++;
      const delay = options.delay ?? agentDelay(sending, options.receivedAt ?? timestamp);
      stream.add({
        timestamp: Math.floor(timestamp),
        ingestionTime: Math.floor((options.receivedAt ?? timestamp) + delay),
        message,
        order,
      });
    }
    this.#makeRoom();
  }

  /** Drops written events that are older than their group's retention, then the oldest ones when there are too many. */
  #makeRoom(): void {
    if (this.#puts - this.#roomAt < 1024) return;
    this.#roomAt = this.#puts;
    const streams: WrittenStream[] = [];
    const now = this.region.clock.now();
    for (const group of this.#groups.values()) {
      for (const stream of group.written.values()) {
        if (group.retentionInDays !== undefined) stream.dropBefore(now - group.retentionInDays * 86_400_000);
        streams.push(stream);
      }
    }
    for (;;) {
      const events = streams.reduce((sum, { length }) => sum + length, 0);
      const bytes = streams.reduce((sum, stream) => sum + stream.bytes, 0);
      if (events <= MOST_EVENTS && bytes <= MOST_BYTES) return;
      streams.sort((a, b) => b.bytes - a.bytes)[0]?.dropHalf();
    }
  }

  /** The group that an operation names, by name or ARN. Throws ResourceNotFoundException. */
  required(name: string): LogGroup {
    const group = this.#groups.get(name);
    if (group === undefined) {
      throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
    }
    return group;
  }

  /** The ARN that policies name a group by. */
  policyArn(group: string): string {
    return arn('logs', `log-group:${group}:*`);
  }
}
