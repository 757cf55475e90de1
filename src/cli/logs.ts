import type { LogEvent } from '../logs/event.ts';
import { type Follower, openFollower } from '../logs/follow.ts';
import { clockTime, parseSince } from '../text/ages.ts';
import { Failure } from '../text/failure.ts';
import type { Context } from './context.ts';
import type { Verb } from './program.ts';

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
  const follower = openFollower(session, {
    groups,
    since: parseSince(String(options.since), now),
    ...(options.until === undefined ? {} : { until: parseSince(String(options.until), now) }),
    ...(options.filter === undefined ? {} : { filter: String(options.filter) }),
    ...(options.streamPrefix === undefined ? {} : { streamPrefix: String(options.streamPrefix) }),
    follow,
  });
  const stopTelling = follow ? tellConditions(context, follower) : () => {};
  const sweep = () => follower.sweep();
  context.process.on('SIGUSR1', sweep);
  try {
    for await (const batch of follower.batches(signal)) {
      for (const event of batch) printEvent(context, event, groups.length > 1 ? 'group' : 'stream');
    }
    return 0;
  } catch (error) {
    const { unswept } = follower.state();
    if (signal.aborted && signal.reason.code !== 'EPIPE' && unswept !== undefined) {
      const [from, to] = [unswept.from, unswept.to].map((at) => new Date(at).toISOString());
      print.note(`Interrupted: events between ${from} and ${to} were not looked for again; a late one may be missing.`);
    }
    throw error;
  } finally {
    context.process.off('SIGUSR1', sweep);
    stopTelling();
  }
};

/** How much of where an event comes from its line tells. */
export type Origin = 'none' | 'stream' | 'group';

/** Prints one event: a line of text with its time and origin, or one JSON document. */
export function printEvent({ print, format }: Context, event: LogEvent, origin: Origin): void {
  const { timestamp, ingestionTime, group, stream, eventId, message } = event;
  if (format === 'json') {
    print.json({ timestamp, ingestionTime, group, stream, eventId, message }, 'line');
    return;
  }
  const source = { none: undefined, stream, group: `${group} ${stream}` }[origin];
  print.event(clockTime(timestamp, 'utc'), source, message);
}

/** Tells on standard error what a follow is waiting for, each condition once as it comes. */
function tellConditions({ print }: Context, follower: Follower): () => void {
  let last = '';
  return follower.subscribe(() => {
    const { condition, until, groups } = follower.state();
    const missing = groups.filter((group) => group.missing).map((group) => group.group);
    const text =
      missing.length > 0
        ? `waiting for ${missing.join(', ')}`
        : condition === 'throttled' || condition === 'unreachable' || condition === 'signed-out'
          ? `${condition}${until === undefined ? '' : ', tries again'}`
          : '';
    if (text !== '' && text !== last) print.note(text, 'dim');
    last = text;
  });
}
