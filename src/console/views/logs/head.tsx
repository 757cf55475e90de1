import { followWords } from '../../../logs/follow.ts';
import type { FollowState, GroupState } from '../../../logs/follow-state.ts';
import { useNow, useStore } from '../../hooks.ts';
import { type Row, rowWidth, spread } from '../../row.ts';
import type { LogWindow, LogWindowState } from '../../stores/log-window.ts';
import { Rows } from '../../widgets/text.tsx';
import { counted, sentenceRows } from '../field-rows.ts';

/** Groups that can't be read say so in so many rows at most. */
const MOST_OBSTACLES = 4;

/** The rows above a log: what it is, how it is being read, and what hinders that. */
export function useLogHead(window: LogWindow, title: string, width: number): readonly Row[] {
  const state = useStore(window.store, (all) => all);
  const now = useNow();
  const left: Row = [{ text: ' ' }, { text: title, bold: true }];
  const right = stateRow(window, state, now);
  // Where both do not fit side by side, how it is being read gets a row of its own.
  const rows: readonly Row[] =
    rowWidth(left) + rowWidth(right) + 3 <= width ? [spread(left, right, width)] : [left, spread('', right, width)];
  return [...rows, ...obstacleRows(state.follow, width)];
}

/** The rows of a log's head. */
export function LogHead({ rows, width }: { rows: readonly Row[]; width: number }) {
  return <Rows rows={rows} width={width} fill />;
}

function stateRow({ buffer }: LogWindow, state: LogWindowState, now: number): Row {
  const { paused, pausedAt, following, follow } = state;
  const words: string[] = [];
  if (paused) {
    const more = Math.max(0, buffer.rows - pausedAt);
    words.push(more === 0 ? 'paused' : `paused, ${counted(more)} new`);
  }
  // Stopped by hand, it need not be said that all else is well.
  const well = follow?.condition === 'following' && follow.late === 0 && follow.gaps.length === 0;
  if (follow !== undefined && !(paused && well)) words.push(followWords(follow, now));
  if (buffer.filter !== undefined) words.push(`only ${buffer.filter.matcher.text}`);
  if (buffer.search !== undefined) words.push(`${counted(buffer.search.found)} × ${buffer.search.matcher.text}`);
  if (buffer.evicted.lines > 0) words.push(`${counted(buffer.evicted.lines)} oldest let go`);
  words.push(
    following || buffer.rows === 0 ? lines(buffer.rows) : `line ${place(state, buffer)} of ${counted(buffer.rows)}`,
  );
  const alarming =
    follow?.condition === 'throttled' || follow?.condition === 'unreachable' || follow?.condition === 'failed';
  return [{ text: `${words.join(' · ')} `, tone: paused || alarming ? 'warn' : 'dim' }];
}

function lines(count: number): string {
  return count === 1 ? '1 line' : `${counted(count)} lines`;
}

function place({ cursor }: LogWindowState, buffer: LogWindow['buffer']): string {
  const row = cursor === undefined ? buffer.rows - 1 : (buffer.rowOf(cursor) ?? buffer.nearestRow(cursor));
  return counted(row + 1);
}

/** The groups that can't be read, each with why and what to try. */
function obstacleRows(follow: FollowState | undefined, width: number): readonly Row[] {
  const hindered = (follow?.groups ?? []).filter(isHindered);
  // What keeps them all away, such as a network that is gone, is said once.
  const groups = new Map<string, string[]>();
  for (const { group, failure } of hindered) {
    const text = `${failure.message} ${failure.advice ?? ''}`.trim();
    groups.set(text, [...(groups.get(text) ?? []), group]);
  }
  return [...groups]
    .flatMap(([text, [first = '', ...others]]) => {
      const who = others.length === 0 ? first : `${first} and ${others.length} more`;
      return sentenceRows(`${who}: ${text}`, width, 'error');
    })
    .slice(0, MOST_OBSTACLES);
}

function isHindered(state: GroupState): state is GroupState & { readonly failure: NonNullable<GroupState['failure']> } {
  return state.failure !== undefined && state.condition !== 'throttled';
}
