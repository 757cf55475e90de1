import { Box } from 'ink';
import { useEffect, useMemo, useState } from 'react';
import { openFollower } from '../../../logs/follow.ts';
import { dayTime, parseSince } from '../../../text/ages.ts';
import { Failure } from '../../../text/failure.ts';
import type { Command, CommandContext } from '../../command.ts';
import { useConsole, useStore, useViewState } from '../../hooks.ts';
import { failureRows } from '../../message.ts';
import type { Row } from '../../row.ts';
import { failureOf, isAborted } from '../../stores/failures.ts';
import { LogWindow } from '../../stores/log-window.ts';
import { defineView, type ViewProps } from '../../view.ts';
import { Rows } from '../../widgets/text.tsx';
import { sentenceRows } from '../field-rows.ts';
import { type LogState, logCommands } from './commands.ts';
import { LogHead, useLogHead } from './head.tsx';
import { LogPane } from './log-pane.tsx';

/** What the digits stand for, in their order. */
const SINCE: readonly (readonly [id: string, since: string])[] = [
  ['since-now', 'now'],
  ['since-minute', '1m'],
  ['since-five-minutes', '5m'],
  ['since-quarter', '15m'],
  ['since-hour', '1h'],
  ['since-six-hours', '6h'],
  ['since-day', '1d'],
];
const DEFAULT_SINCE = '1h';

function Logs({ route, width, height }: ViewProps<'logs'>) {
  const console = useConsole();
  const session = useStore(console.session, (state) => state.session);
  const window = useMemo(() => new LogWindow(console.pace), [console]);
  const [failure, setFailure] = useState<unknown>();
  const { groups, streamPrefix, streams, filter, since = DEFAULT_SINCE, until, opensAt } = route;
  const condition = useStore(window.store, ({ follow }) => follow?.condition);
  useViewState({ window, ended: condition === 'ended' } satisfies LogState);
  useEffect(() => () => window.close(), [window]);
  useEffect(() => {
    if (session === undefined) return;
    const controller = new AbortController();
    setFailure(undefined);
    window.clear();
    if (opensAt !== undefined) window.openAt(opensAt);
    const now = session.clock.now();
    const follower = openFollower(session, {
      groups,
      since: since === 'now' ? now : parseSince(since, now),
      ...(until === undefined ? {} : { until: parseSince(until, now) }),
      ...(filter === undefined ? {} : { filter }),
      ...(streamPrefix === undefined ? {} : { streamPrefix }),
      ...(streams === undefined ? {} : { streams }),
      follow: true,
      patient: true,
    });
    const unsubscribe = follower.subscribe(() => window.setFollow(follower.state()));
    const read = async () => {
      for await (const batch of follower.batches(controller.signal)) await window.add(batch);
    };
    read().catch((error: unknown) => {
      if (isAborted(error, controller.signal)) return;
      console.notices.record(failureOf(error), groups.join(', '));
      setFailure(error);
    });
    return () => {
      unsubscribe();
      controller.abort();
    };
  }, [session, window, groups, since, until, filter, streamPrefix, streams, opensAt, console.notices]);
  const head = useLogHead(window, titleOf(route, since), width);
  return (
    <Box flexDirection="column" width={width} height={height}>
      <LogHead rows={head} width={width} />
      {failure === undefined ? (
        <LogPane
          window={window}
          groups={groups}
          precision="milliseconds"
          width={width}
          height={Math.max(1, height - head.length)}
          empty={emptyRows(condition, groups, since, width)}
        />
      ) : (
        <Rows rows={failureRows(failureOf(failure), width)} width={width} />
      )}
    </Box>
  );
}

function emptyRows(
  condition: string | undefined,
  groups: readonly string[],
  since: string,
  width: number,
): readonly Row[] {
  const where = groups.join(' + ');
  if (condition === undefined || condition === 'reading') return sentenceRows(`Reading ${where} …`, width, 'dim');
  const looked = since === 'now' ? 'since this screen was opened' : `since ${sinceWords(since)}`;
  return sentenceRows(
    `No line ${looked} in ${where}. New ones are shown as they come; 5 looks six hours back, 6 a day.`,
    width,
    'dim',
  );
}

function titleOf({ groups, filter, streamPrefix, streams, until }: ViewProps<'logs'>['route'], since: string): string {
  const [first = '', ...others] = groups;
  const parts = [others.length > 1 ? `${first} and ${others.length} more` : groups.join(' + ')];
  if (streamPrefix !== undefined) parts.push(`streams ${streamPrefix}…`);
  if (streams !== undefined) parts.push(streams.length === 1 ? `stream ${streams[0]}` : `${streams.length} streams`);
  if (filter !== undefined) parts.push(`pattern ${filter}`);
  parts.push(since === 'now' ? 'from now on' : `since ${sinceWords(since)}`);
  if (until !== undefined)
    parts.push(/^[\d.]+[smhdw]/i.test(until) ? `until ${until} ago` : `until ${sinceWords(until)}`);
  return parts.join(' · ');
}

/** A length of time as it is; a moment as day and time of the wall. */
function sinceWords(since: string): string {
  return /^\d{4}-/.test(since) ? dayTime(Date.parse(since)) : since;
}

/** Changes what is read; what is no time fails here, and is told. */
function readAgain({ console, route }: CommandContext<LogState>, change: { since?: string; until?: string }): void {
  const now = console.now();
  if (route.kind !== 'logs') return;
  const { until: _, opensAt: __, ...open } = { ...route, ...change };
  const from = open.since === undefined || open.since === 'now' ? undefined : parseSince(open.since, now);
  const to = change.until === undefined ? undefined : parseSince(change.until, now);
  if (from !== undefined && to !== undefined && from > to) {
    throw new Failure('usage', `${open.since} is after ${change.until}.`, {
      advice: 'Choose an earlier :since first.',
    });
  }
  console.router.replace(change.until === undefined ? open : { ...open, until: change.until });
}

const sinceCommands: readonly Command<LogState>[] = [
  ...SINCE.map(
    ([id, since], digit): Command<LogState> => ({
      id,
      title: since === 'now' ? 'Only what comes from now on' : `Read the last ${since}`,
      keys: [String(digit)],
      where: 'logs',
      run: (context) => readAgain(context, { since }),
    }),
  ),
  {
    id: 'since',
    title: 'Read from a time on, such as 90m, 11:04 or 2026-11-22T11:00Z',
    keys: [],
    where: 'logs',
    arguments: [{ name: 'since', rest: true }],
    run: (context, words) => readAgain(context, { since: words.join(' ') }),
  },
  {
    id: 'until',
    title: 'Read up to a time, such as 10m or 11:30; a new since opens the end again',
    keys: [],
    where: 'logs',
    arguments: [{ name: 'until', rest: true }],
    run: (context, words) => readAgain(context, { until: words.join(' ') }),
  },
];

/** Log groups, followed live and merged in time order. */
export const logsView = defineView<'logs', LogState>({
  kind: 'logs',
  initialState: { window: undefined, ended: false },
  crumbs: () => ['Logs'],
  Component: Logs,
  commands: [
    ...logCommands<LogState>('logs'),
    {
      id: 'streams',
      title: 'Show which stream each line is from, or hide it',
      keys: ['s'],
      where: 'logs',
      run: ({ state: { window } }) => window?.set({ streams: !window.store.getState().streams }),
    },
    ...sinceCommands,
  ],
});
