import { Box } from 'ink';
import { useEffect, useMemo, useState } from 'react';
import { followWords, openFollower } from '../../../logs/follow.ts';
import { parseSince } from '../../../text/ages.ts';
import type { Command } from '../../command.ts';
import { useConsole, useNow, useStore, useViewState } from '../../hooks.ts';
import { failureRows } from '../../message.ts';
import type { Row } from '../../row.ts';
import { failureOf, isAborted } from '../../stores/failures.ts';
import { LogWindow } from '../../stores/log-window.ts';
import { defineView, type ViewProps } from '../../view.ts';
import { Line, Rows } from '../../widgets/text.tsx';
import { type LogState, logCommands } from './commands.ts';
import { LogPane } from './log-pane.tsx';

/** What the digits stand for. */
const SINCE: readonly string[] = ['now', '1m', '5m', '15m', '1h', '6h', '1d'];
const DEFAULT_SINCE = '15m';

function Logs({ route, width, height }: ViewProps<'logs'>) {
  const console = useConsole();
  const session = useStore(console.session, (state) => state.session);
  const window = useMemo(() => new LogWindow(console.pace), [console]);
  const [failure, setFailure] = useState<unknown>();
  const { groups, streamPrefix, streams, filter, since = DEFAULT_SINCE } = route;
  useViewState({ window } satisfies LogState);
  useEffect(() => () => window.close(), [window]);
  useEffect(() => {
    if (session === undefined) return;
    const controller = new AbortController();
    setFailure(undefined);
    window.clear();
    const now = session.clock.now();
    const follower = openFollower(session, {
      groups,
      since: since === 'now' ? now : parseSince(since, now),
      ...(filter === undefined ? {} : { filter }),
      ...(streamPrefix === undefined ? {} : { streamPrefix }),
      ...(streams === undefined ? {} : { streams }),
      follow: true,
      patient: true,
    });
    const unsubscribe = follower.subscribe(() => window.setFollow(follower.state()));
    const read = async () => {
      for await (const batch of follower.batches(controller.signal)) window.add(batch);
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
  }, [session, window, groups, since, filter, streamPrefix, streams, console.notices]);
  return (
    <Box flexDirection="column" width={width} height={height}>
      <Head window={window} title={titleOf(groups, since, filter, streamPrefix)} width={width} />
      {failure === undefined ? (
        <LogPane
          window={window}
          groups={groups}
          width={width}
          height={height - 1}
          empty={[
            { text: ` No line since ${since} in ${groups.join(' + ')}. 4 looks an hour back, 6 a day.`, tone: 'dim' },
          ]}
        />
      ) : (
        <Rows rows={failureRows(failureOf(failure), width)} width={width} />
      )}
    </Box>
  );
}

function titleOf(groups: readonly string[], since: string, filter?: string, streamPrefix?: string): string {
  const parts = [groups.join(' + '), `since ${since}`];
  if (streamPrefix !== undefined) parts.push(`streams ${streamPrefix}`);
  if (filter !== undefined) parts.push(`pattern ${filter}`);
  return parts.join(' · ');
}

/** The line above a log: what it is, and how it is being read. */
export function Head({ window, title, width }: { window: LogWindow; title: string; width: number }) {
  const state = useStore(window.store, (all) => all);
  const now = useNow();
  const { buffer } = window;
  const words: string[] = [];
  if (state.paused) words.push('paused');
  else if (!state.following) words.push(`row ${window.cursorRow() + 1} of ${buffer.rows}`);
  if (state.follow !== undefined) words.push(followWords(state.follow, now));
  if (buffer.filter !== undefined) words.push(`only ${buffer.filter.matcher.text}`);
  if (buffer.search !== undefined) words.push(`${buffer.search.found} of ${buffer.search.matcher.text}`);
  if (buffer.evicted.lines > 0) words.push(`${buffer.evicted.lines} let go`);
  words.push(`${buffer.rows} lines`);
  const right = ` ${words.join(' · ')} `;
  const room = Math.max(0, width - right.length);
  const row: Row = [
    { text: ` ${title}`.slice(0, room).padEnd(room), bold: true },
    { text: right, tone: state.paused ? 'warn' : 'dim' },
  ];
  return <Line row={row} width={width} fill />;
}

const sinceCommands: readonly Command<LogState>[] = SINCE.map((since, digit) => ({
  id: `since-${since}`,
  title: since === 'now' ? 'Only what comes from now on' : `Read the last ${since}`,
  keys: [String(digit)],
  where: 'logs' as const,
  run: ({ console, route }) => {
    if (route.kind === 'logs') console.router.replace({ ...route, since });
  },
}));

/** Log groups, followed live and merged in time order. */
export const logsView = defineView<'logs', LogState>({
  kind: 'logs',
  initialState: { window: undefined },
  crumbs: ({ groups }) => ['Logs', groups.join(' + ')],
  Component: Logs,
  commands: [...logCommands<LogState>('logs'), ...sinceCommands],
});
