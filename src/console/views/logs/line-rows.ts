import type { LogLine } from '../../../logs/buffer.ts';
import type { LineMatcher } from '../../../logs/matcher.ts';
import { prettyJson, readableMessage } from '../../../logs/pretty.ts';
import { isError } from '../../../logs/severity.ts';
import { clockTime, shortAge } from '../../../text/ages.ts';
import type { Tone } from '../../../text/columns.ts';
import { printable, printableLines } from '../../../text/printable.ts';
import { cut } from '../../../text/width.ts';
import type { Row, Segment } from '../../row.ts';
import type { LogTimes } from '../../stores/log-window.ts';
import { wrapRow } from '../../use-document.ts';

/** How lines are shown. */
export interface LineStyle {
  /** Cells a row may take. */
  readonly width: number;
  readonly wrap: boolean;
  readonly times: LogTimes;
  readonly pretty: boolean;
  /** ms since the epoch, for ages. */
  readonly now: number;
  /** Short names of the groups, where there are several. */
  readonly labels: ReadonlyMap<string, string>;
  readonly search: LineMatcher | undefined;
}

/** An event may have thousands of lines; the window shows its first ones, Enter shows all. */
const MOST_ROWS = 12;
/** Longer lines are cut before anything looks at them: Enter shows them whole. */
const MOST_CHARACTERS = 4_000;

const GROUP_TONES: readonly Tone[] = ['running', 'accent', 'ok', 'warn'];

/** A line as rows of the screen: time, group and severity before its first, the others indented under it. */
export function lineRows(line: LogLine, style: LineStyle, mark: { cursor: boolean; marked: boolean }): readonly Row[] {
  const head = headOf(line, style, mark);
  const headWidth = head.reduce((sum, { text }) => sum + text.length, 0);
  const texts = textsOf(line.event.message, style);
  const tone: Tone = isError(line.severity) ? 'error' : line.severity === 'warning' ? 'warn' : 'plain';
  const rows: Row[] = [];
  for (const text of texts) {
    const message = highlighted(text, tone, style.search);
    const first = rows.length === 0;
    const lead: readonly Segment[] = first ? head : [{ text: ' '.repeat(Math.min(headWidth, 14)) }];
    if (!style.wrap) rows.push([...lead, ...message]);
    else {
      const room = Math.max(10, style.width - (first ? headWidth : Math.min(headWidth, 14)));
      const [start = '', ...rest] = wrapRow(message, room);
      rows.push([...lead, ...asSegments(start)]);
      for (const part of rest) rows.push([{ text: ' '.repeat(Math.min(headWidth, 14)) }, ...asSegments(part)]);
    }
    if (rows.length >= MOST_ROWS) break;
  }
  const more = texts.length - MOST_ROWS;
  if (more > 0) rows.push([{ text: `${' '.repeat(14)}… +${more} lines (enter)`, tone: 'dim' }]);
  return rows;
}

function asSegments(row: Row): readonly Segment[] {
  return typeof row === 'string' ? [{ text: row }] : row;
}

function headOf(line: LogLine, style: LineStyle, mark: { cursor: boolean; marked: boolean }): readonly Segment[] {
  const { timestamp, group } = line.event;
  const time =
    style.times === 'age' ? `${shortAge(style.now - timestamp)} ago`.padEnd(9) : clockTime(timestamp, style.times);
  const label = style.labels.get(group);
  const groupAt = [...style.labels.keys()].indexOf(group);
  return [
    { text: mark.cursor ? '>' : mark.marked ? '*' : ' ', tone: mark.marked ? 'warn' : 'accent', bold: true },
    { text: `${time} `, tone: 'dim' },
    ...(label === undefined ? [] : [{ text: `${label} `, tone: GROUP_TONES[groupAt % GROUP_TONES.length] ?? 'plain' }]),
    ...(line.late ? [{ text: 'late ', tone: 'warn' as const }] : []),
  ];
}

function textsOf(message: string, { pretty }: LineStyle): readonly string[] {
  const whole = (pretty ? prettyJson(message)?.join('\n') : undefined) ?? readableMessage(message);
  return printableLines(whole.replace(/\n+$/, '')).map((text) =>
    text.length > MOST_CHARACTERS ? cut(text, MOST_CHARACTERS) : text,
  );
}

function highlighted(text: string, tone: Tone, search: LineMatcher | undefined): readonly Segment[] {
  const ranges = search?.ranges(text) ?? [];
  if (ranges.length === 0) return [{ text, tone }];
  const segments: Segment[] = [];
  let from = 0;
  for (const [start, end] of ranges) {
    if (start > from) segments.push({ text: text.slice(from, start), tone });
    segments.push({ text: text.slice(start, end), tone, inverse: true });
    from = end;
  }
  if (from < text.length) segments.push({ text: text.slice(from), tone });
  return segments;
}

/** Short names that tell groups apart: what is left of them without their common start. */
export function groupLabels(groups: readonly string[]): ReadonlyMap<string, string> {
  if (groups.length < 2) return new Map();
  const names = groups.map((group) => printable(group.split('/').at(-1) ?? group));
  const longest = Math.min(16, Math.max(...names.map((name) => name.length)));
  return new Map(groups.map((group, at) => [group, (names[at] ?? '').slice(-longest).padEnd(longest)]));
}
