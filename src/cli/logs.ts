import type { LogEvent } from '../logs/event.ts';
import { type Follower, openFollower } from '../logs/follow.ts';
import { clockTime, parseSince } from '../text/ages.ts';
import { Failure } from '../text/failure.ts';
import type { Context } from './context.ts';
import type { Printer } from './print.ts';
import type { Verb } from './program.ts';

/** Conditions that a follow waits out, in words. */
const CONDITIONS = {
  throttled: 'throttled',
  unreachable: 'CloudWatch Logs is not reachable',
  'signed-out': 'waiting for credentials',
} as const;

/** ms that a possible gap has to grow by to be told again. */
const GAP_STEP = 300_000;

/** `logs GROUP… [-f]`: events as text or as one JSON document a line. */
export const logs: Verb = async (context, groups, options) => {
  const { print, signal } = context;
  if (context.options.output !== 'table' && context.options.output !== 'json') {
    throw new Failure('usage', `logs prints text or, with -o json, one event a line; not ${context.options.output}.`, {
      advice: 'Use -o json, or leave it out.',
    });
  }
  const session = await context.session();
  const now = session.clock.now();
  const follow = options.follow === true;
  const since = parseSince(String(options.since), now);
  const until = options.until === undefined ? undefined : parseSince(String(options.until), now);
  if (until !== undefined && until <= since) {
    throw new Failure(
      'usage',
      `--until ${options.until} is not after --since ${options.since}: no event can lie between.`,
      {
        advice: 'Exchange the two; without --since it is an hour ago.',
      },
    );
  }
  const follower = openFollower(session, {
    groups,
    since,
    ...(until === undefined ? {} : { until }),
    ...(options.filter === undefined ? {} : { filter: String(options.filter) }),
    ...(options.streamPrefix === undefined ? {} : { streamPrefix: String(options.streamPrefix) }),
    follow,
  });
  const telling = follow ? new Telling(context, follower) : undefined;
  const sweep = () => follower.sweep();
  context.process.on('SIGUSR1', sweep);
  try {
    for await (const batch of follower.batches(signal)) {
      if (context.format === 'json') print.jsonLines(batch);
      else {
        print.together(() => {
          for (const event of batch) printEvent(context, event, groups.length > 1 ? 'group' : 'stream');
        });
      }
      await print.drained(signal);
    }
    return 0;
  } catch (error) {
    if (signal.aborted && signal.reason.code !== 'EPIPE') tellUnswept(context, follower);
    if (!signal.aborted && error instanceof Failure && telling?.hasTold(error)) return error.exitCode;
    throw error;
  } finally {
    context.process.off('SIGUSR1', sweep);
    telling?.stop();
  }
};

/** How much of where an event comes from its line tells. */
export type Origin = 'none' | 'stream' | 'group';

/** Prints one event: a line of text with its time and origin, or one JSON document. */
export function printEvent({ print, format }: Context, event: LogEvent, origin: Origin): void {
  if (format === 'json') {
    print.json(event, 'line');
    return;
  }
  const { timestamp, group, stream, message } = event;
  const source = { none: undefined, stream, group: `${group} ${stream}` }[origin];
  print.event(clockTime(timestamp, 'utc'), source, message);
}

/** What a follow that is cut short leaves open: told, since silence would be taken for completeness. */
function tellUnswept({ print }: Context, follower: Follower): void {
  const { unswept } = follower.state();
  if (unswept === undefined) return;
  const [from, to] = [unswept.from, unswept.to].map((at) => new Date(at).toISOString());
  print.note(`Interrupted: events between ${from} and ${to} were not looked for again; a late one may be missing.`);
}

/** Tells on standard error what hinders a follow, each thing once as it comes. */
class Telling {
  readonly #print: Printer;
  readonly #follower: Follower;
  readonly #told = new Set<string>();
  #last = '';
  #shortened = false;
  #gapTo = Number.NEGATIVE_INFINITY;
  readonly stop: () => void;

  constructor({ print }: Context, follower: Follower) {
    this.#print = print;
    this.#follower = follower;
    this.stop = follower.subscribe(() => this.#tell());
  }

  /** Whether this failure of a group has been told. */
  hasTold(failure: Failure): boolean {
    return this.#told.has(keyOf(failure));
  }

  #tell(): void {
    const { condition, until, groups, gaps } = this.#follower.state();
    const missing = groups.filter((group) => group.missing).map((group) => group.group);
    const waits = condition === 'throttled' || condition === 'unreachable' || condition === 'signed-out';
    const text =
      missing.length > 0
        ? `waiting for ${missing.join(', ')}`
        : waits
          ? `${CONDITIONS[condition]}${until === undefined ? '' : ', tries again'}`
          : '';
    if (text !== '' && text !== this.#last) this.#print.note(text, 'dim');
    this.#last = text;
    for (const { condition: state, failure } of groups) {
      if (state !== 'failed' || failure === undefined || this.hasTold(failure)) continue;
      this.#told.add(keyOf(failure));
      this.#print.failure(failure);
    }
    if (!this.#shortened && groups.some((group) => group.windowShortened)) {
      this.#shortened = true;
      this.#print.note('window shortened: too many lines to look back for late ones at each poll', 'dim');
    }
    for (const { from, to } of gaps) {
      // It grows with every poll of a flood: told again when it has grown by minutes.
      if (to < this.#gapTo + GAP_STEP) continue;
      this.#gapTo = to;
      const [first, last] = [from, to].map((at) => new Date(at).toISOString());
      this.#print.note(`gap possible from ${first} to ${last}: too many lines to look there again`, 'warn');
    }
  }
}

/** Each try of a group that can't be read brings a new failure that says the same. */
function keyOf({ resource, message }: Failure): string {
  return `${resource} ${message}`;
}
