import { useLayoutEffect, useMemo } from 'react';
import type { LogLine } from '../../../logs/buffer.ts';
import { lineMatcher } from '../../../logs/matcher.ts';
import { lineParts, prettyJson } from '../../../logs/pretty.ts';
import { recordAt } from '../../../logs/records.ts';
import { isoTime } from '../../../text/ages.ts';
import { useConsole, useFocused, useNow, usePanePlace, useStore } from '../../hooks.ts';
import type { Row } from '../../row.ts';
import type { LogWindow, Sought } from '../../stores/log-window.ts';
import type { Notices } from '../../stores/notices.ts';
import type { Pane } from '../../stores/panes.ts';
import { Rows } from '../../widgets/text.tsx';
import { counted, sentenceRows } from '../field-rows.ts';
import { groupLabels, type LineStyle, lineRows } from './line-rows.ts';

/** The rows of a log window, and its keys: moving, searching, opening and copying a line. */
export function LogPane({
  window,
  groups,
  precision,
  width,
  height,
  empty,
  of,
}: {
  window: LogWindow;
  groups: readonly string[];
  precision: LineStyle['precision'];
  width: number;
  height: number;
  /** What is said while there is no line. */
  empty: readonly Row[];
  /** What wrote the lines, where it is one thing: its ARN is copied, and it is described. */
  of?: { readonly arn: string; readonly inspect: Pane['inspect'] };
}) {
  const { panes, dialogs, notices } = useConsole();
  const state = useStore(window.store, (all) => all);
  const now = useNow();
  useFocused('log');
  const { buffer } = window;
  const search = buffer.search?.matcher;
  const labels = useMemo(() => groupLabels(groups, width), [groups, width]);
  const style: LineStyle = {
    width,
    precision,
    wrap: state.wrap,
    times: state.times,
    layout: state.layout,
    now: state.times === 'age' ? now : 0,
    labels,
    streams: state.streams,
    search,
  };
  const place = usePanePlace();
  const laid = layOut(window, style, height);
  const copied = recordAt(buffer, window.cursorRow())
    .map(({ event }) => event.message)
    .join('\n');
  useLayoutEffect(() => {
    window.setTop(laid.top);
    const missing = `No line has ${search?.text ?? ''}`;
    const seek = async (direction: 1 | -1) =>
      tellSought(notices, await window.seekMatch(direction), direction, missing);
    const nearest = async () => {
      if (buffer.search !== undefined) tellSought(notices, await window.seekNearestMatch(), 1, missing);
    };
    panes.set(
      {
        id: 'log',
        move: (by) => window.moveTo(window.cursorRow() + by),
        page: (pages) => window.moveTo(window.cursorRow() + pages * Math.max(1, height - 1)),
        first: () => window.moveTo(0),
        last: () => window.followNewest(),
        find: {
          text: search?.text ?? '',
          set: (text) => window.setSearch(matcherOrNone(text)),
          by: 'search',
          done: () => void nearest(),
        },
        next: search === undefined ? undefined : (direction) => void seek(direction),
        open:
          buffer.rows === 0
            ? undefined
            : () => {
                const record = recordAt(buffer, window.cursorRow());
                const [first] = record;
                if (first !== undefined)
                  void dialogs.document({ title: first.event.stream, load: async () => wholeRecord(first, record) });
              },
        copy: { id: copied, arn: of?.arn },
        inspect: of?.inspect,
      },
      place,
    );
  });
  useLayoutEffect(() => () => panes.remove('log'), [panes]);
  const { filter } = buffer;
  const hidden =
    filter === undefined || buffer.size === 0 ? undefined : hiddenRows(buffer.size, filter.matcher.text, width);
  const rows = laid.rows.length === 0 ? (hidden ?? empty) : laid.rows;
  return <Rows rows={[...rows, ...Array<Row>(Math.max(0, height - rows.length)).fill('')]} width={width} fill />;
}

/** That there are lines, but none that the filter shows. */
function hiddenRows(count: number, filter: string, width: number): readonly Row[] {
  const held = count === 1 ? 'The only line read does not pass' : `None of ${counted(count)} lines read passes`;
  return sentenceRows(`${held} the filter ${filter}: & changes it, an empty one shows all.`, width, 'dim');
}

/** Says where going to a line has ended, when it is not just the next one. */
export function tellSought(
  { flash }: Pick<Notices, 'flash'>,
  sought: Sought,
  direction: 1 | -1,
  missing: string,
): void {
  if (sought === 'none') flash(missing, 'warn');
  else if (sought === 'wrapped') flash(direction === 1 ? 'Goes on from the start' : 'Goes on from the end');
}

/** Part of the window that is above a line which was sought. */
const LEAD = 3;

/** The rows that fit, from the top line down; the cursor's line is among them. */
function layOut(
  window: LogWindow,
  style: LineStyle,
  height: number,
): { rows: readonly Row[]; top: LogLine | undefined } {
  const { buffer } = window;
  const { following, top } = window.store.getState();
  const cursor = window.cursorRow();
  const count = window.shownRows();
  const rowsOf = (at: number): readonly Row[] => {
    const line = buffer.row(at);
    if (line === undefined) return [];
    return lineRows(line, style, { cursor: at === cursor && !following, marked: buffer.isMarked(line) });
  };
  if (count === 0) return { rows: [], top: undefined };
  const wanted = top === undefined ? undefined : (buffer.rowOf(top) ?? buffer.nearestRow(top));
  const from = (start: number) => {
    const down = fillDown(start, height, rowsOf, count);
    if (down.end <= cursor) return undefined;
    if (down.rows.length >= height || down.end < count) return { rows: down.rows, top: buffer.row(start) };
    // The lines end before the window does, as when it has grown: it shows as many as fit.
    const up = fillUp(count - 1, height, rowsOf);
    return { rows: up.rows, top: buffer.row(up.start) };
  };
  if (!following && wanted !== undefined && wanted <= cursor) {
    const stands = from(wanted);
    if (stands !== undefined) return stands;
  }
  // Far from the window, as after a search, or opened at it: some of what led to the line is shown above it.
  if (!following && (wanted === undefined || Math.abs(cursor - wanted) > 2 * height)) {
    const led = from(Math.max(0, cursor - Math.floor(height / LEAD)));
    if (led !== undefined) return led;
  }
  // Above the window: the cursor's line becomes the top. Below it, or following: it becomes the bottom.
  if (!following && wanted !== undefined && cursor < wanted) {
    const above = from(cursor);
    if (above !== undefined) return above;
  }
  const up = fillUp(Math.min(cursor, count - 1), height, rowsOf);
  return { rows: up.rows, top: buffer.row(up.start) };
}

function fillDown(
  start: number,
  height: number,
  rowsOf: (at: number) => readonly Row[],
  count: number,
): { rows: readonly Row[]; end: number } {
  const rows: Row[] = [];
  let at = start;
  while (at < count) {
    const next = rowsOf(at);
    rows.push(...next);
    // The last one may be cut short: it does not count as shown.
    if (rows.length > height && rows.length > next.length) break;
    at += 1;
    if (rows.length >= height) break;
  }
  return { rows: rows.slice(0, height), end: at };
}

function fillUp(
  end: number,
  height: number,
  rowsOf: (at: number) => readonly Row[],
): { rows: readonly Row[]; start: number } {
  const lines: (readonly Row[])[] = [];
  let count = 0;
  let at = end;
  while (at >= 0 && count < height) {
    const next = rowsOf(at);
    lines.push(next);
    count += next.length;
    at -= 1;
  }
  return { rows: lines.reverse().flat().slice(-height), start: at + 1 };
}

function matcherOrNone(text: string) {
  try {
    return lineMatcher(text);
  } catch {
    // Half a regular expression while it is being typed.
    return undefined;
  }
}

/** Everything of one record: where it is from, its times, its text for reading, and as it came where that differs. */
function wholeRecord({ event }: LogLine, record: readonly LogLine[]): readonly Row[] {
  const { level, source, text } = lineParts(event.message);
  const json = prettyJson(event.message);
  const field = (name: string, value: string): Row => [{ text: name.padEnd(10), tone: 'dim' }, { text: value }];
  return [
    field('time', isoTime(event.timestamp)),
    field('ingested', isoTime(event.ingestionTime)),
    field('group', event.group),
    field('stream', event.stream),
    field('event id', event.eventId),
    ...(record.length === 1 ? [] : [field('events', String(record.length))]),
    ...(level === undefined ? [] : [field('level', level)]),
    ...(source === undefined ? [] : [field('logger', source)]),
    '',
    ...[text, ...record.slice(1).map((line) => line.event.message)].flatMap((each) => each.split('\n')),
    ...(json === undefined ? [] : ['', ...json]),
  ];
}
