import type { LogLine } from '../../../logs/buffer.ts';
import type { LineMatcher } from '../../../logs/matcher.ts';
import { type LineParts, lineParts, prettyJson } from '../../../logs/pretty.ts';
import { isError } from '../../../logs/severity.ts';
import { clockTime, shortAge } from '../../../text/ages.ts';
import type { Tone } from '../../../text/columns.ts';
import { printable, printableLines } from '../../../text/printable.ts';
import { width as cells, cut, cutStart } from '../../../text/width.ts';
import { type Row, rowText, rowWidth, type Segment, segments } from '../../row.ts';
import type { LogLayout, LogTimes } from '../../stores/log-window.ts';
import { wrapRow } from '../../use-document.ts';

/** How lines are shown. */
export interface LineStyle {
  /** Cells a row may take. */
  readonly width: number;
  readonly wrap: boolean;
  readonly times: LogTimes;
  /** Of a time of day. */
  readonly precision: 'seconds' | 'milliseconds';
  readonly layout: LogLayout;
  /** ms since the epoch, for ages. */
  readonly now: number;
  /** Short names of the groups, where there are several. */
  readonly labels: ReadonlyMap<string, string>;
  readonly streams: boolean;
  readonly search: LineMatcher | undefined;
}

/** An event may have thousands of lines; the window shows its first ones, Enter shows all. */
const MOST_ROWS = 12;
/** Longer lines are cut before anything looks at them: Enter shows them whole. */
const MOST_CHARACTERS = 4_000;
/** Narrower screens leave the logger's name out. */
const WIDE = 100;
/** Cells for a stream's name, its end: tasks and attempts differ there. */
const STREAM = 12;
/** Cells before the second row of an event. */
const INDENT = 4;

const GROUP_TONES: readonly Tone[] = ['running', 'accent', 'ok', 'warn'];

/** A line as rows of the screen: time, group, level before its text, its further lines indented under it. */
export function lineRows(line: LogLine, style: LineStyle, mark: { cursor: boolean; marked: boolean }): readonly Row[] {
  const { parts, texts } = takenApart(line, style.layout);
  const tone: Tone = isError(line.severity) ? 'error' : line.severity === 'warning' ? 'warn' : 'plain';
  const head = [...headOf(line, style, mark), ...levelOf(parts, tone, style)];
  const headWidth = rowWidth(head);
  // Cut rows stay below each other; wrapped ones use the width.
  const indent = style.wrap ? INDENT : headWidth;
  const rows: Row[] = [];
  for (const text of texts.slice(0, MOST_ROWS)) {
    const message = highlighted(text, tone, style.search);
    const lead: readonly Segment[] = rows.length === 0 ? head : [{ text: ' '.repeat(indent) }];
    if (!style.wrap) {
      rows.push([...lead, ...message]);
      continue;
    }
    const [start = ''] = wrapRow(message, Math.max(10, style.width - rowWidth(lead)));
    rows.push([...lead, ...segments(start)]);
    const rest = after(message, rowText(start).length);
    const below = rest.length === 0 ? [] : wrapRow(rest, Math.max(10, style.width - INDENT));
    for (const row of below) rows.push([{ text: ' '.repeat(INDENT) }, ...segments(row)]);
    if (rows.length >= MOST_ROWS) break;
  }
  const more = texts.length - MOST_ROWS;
  if (more > 0) rows.push([{ text: `${' '.repeat(indent)}… ${more} more lines: Enter shows them`, tone: 'dim' }]);
  return rows;
}

/** What is left of a row after so many characters and the spaces that follow. */
function after(row: readonly Segment[], count: number): readonly Segment[] {
  let left = count;
  const rest: Segment[] = [];
  for (const segment of row) {
    const text = rest.length > 0 ? segment.text : segment.text.slice(left).trimStart();
    left -= Math.min(left, segment.text.length);
    if (text !== '') rest.push({ ...segment, text });
  }
  return rest;
}

interface TakenApart {
  readonly parts: Omit<LineParts, 'text'>;
  readonly texts: readonly string[];
}

const NO_PARTS = { level: undefined, source: undefined };
/** A line is taken apart once: the window paints each of its lines many times. */
const known: Record<LogLayout, WeakMap<LogLine, TakenApart>> = {
  readable: new WeakMap(),
  pretty: new WeakMap(),
  raw: new WeakMap(),
};

function takenApart(line: LogLine, layout: LogLayout): TakenApart {
  const before = known[layout].get(line);
  if (before !== undefined) return before;
  const { message } = line.event;
  const json = layout === 'pretty' ? prettyJson(message) : undefined;
  const { text, ...parts } =
    json !== undefined
      ? { ...NO_PARTS, text: json.join('\n') }
      : layout === 'raw'
        ? { ...NO_PARTS, text: message }
        : lineParts(message);
  const texts = printableLines(text.replace(/\n+$/, '')).map((each) =>
    each.length > MOST_CHARACTERS ? cut(each, MOST_CHARACTERS) : each,
  );
  const apart = { parts, texts };
  known[layout].set(line, apart);
  return apart;
}

function headOf(line: LogLine, style: LineStyle, mark: { cursor: boolean; marked: boolean }): readonly Segment[] {
  const { timestamp, group, stream } = line.event;
  const time =
    style.times === 'age'
      ? `${shortAge(style.now - timestamp)} ago`.padEnd(9)
      : clockTime(timestamp, style.times, style.precision);
  const label = style.labels.get(group);
  const groupAt = [...style.labels.keys()].indexOf(group);
  return [
    { text: mark.cursor ? '>' : mark.marked ? '*' : ' ', tone: mark.marked ? 'warn' : 'accent', bold: true },
    { text: `${time} `, tone: 'dim' },
    ...(label === undefined ? [] : [{ text: `${label} `, tone: GROUP_TONES[groupAt % GROUP_TONES.length] ?? 'plain' }]),
    ...(style.streams ? [{ text: `${streamName(stream)} `, tone: 'accent' as const }] : []),
    ...(line.late > 0 ? [{ text: `late ${shortAge(line.late)} `, tone: 'warn' as const }] : []),
  ];
}

/** The end of a stream's name without what all of its kind share. */
function streamName(stream: string): string {
  const name = printable(stream.replace(/\/attempt=(\d+)\.log$/, ' #$1'));
  const shown = cutStart(name, STREAM);
  return shown + ' '.repeat(Math.max(0, STREAM - cells(shown)));
}

function levelOf({ level, source }: TakenApart['parts'], tone: Tone, { width, layout }: LineStyle): readonly Segment[] {
  if (layout === 'raw') return [];
  const word = { text: `${(level ?? '').slice(0, 5).padEnd(5)} `, tone: tone === 'plain' ? ('dim' as const) : tone };
  return source === undefined || width < WIDE ? [word] : [word, { text: `${printable(source)} `, tone: 'dim' }];
}

function highlighted(text: string, tone: Tone, search: LineMatcher | undefined): readonly Segment[] {
  const ranges = search?.ranges(text) ?? [];
  if (ranges.length === 0) return [{ text, tone }];
  const found: Segment[] = [];
  let from = 0;
  for (const [start, end] of ranges) {
    if (start > from) found.push({ text: text.slice(from, start), tone });
    found.push({ text: text.slice(start, end), tone, inverse: true });
    from = end;
  }
  if (from < text.length) found.push({ text: text.slice(from), tone });
  return found;
}

/** Longest that a group's short name may be, on a wide screen and on a narrow one. */
const LABEL = 16;
const NARROW_LABEL = 10;

/** Short names that tell groups apart, all as wide: what is left of them without their common start. */
export function groupLabels(groups: readonly string[], width: number): ReadonlyMap<string, string> {
  if (groups.length < 2) return new Map();
  const longest = width < WIDE ? NARROW_LABEL : LABEL;
  const names = groups.map((group) => printable(group.split('/').at(-1) ?? group));
  const short = names.map((name) => cutStart(/^airflow-.+-([A-Za-z]+)$/.exec(name)?.[1] ?? name, longest));
  const shown = new Set(short).size === groups.length ? short : names.map((name) => cutStart(name, LABEL));
  const widest = Math.max(...shown.map((name) => cells(name)));
  return new Map(groups.map((group, at) => [group, (shown[at] ?? '').padEnd(widest)]));
}
