import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowText, rowWidth, segments } from '../../src/console/row.ts';
import { type LineStyle, lineRows } from '../../src/console/views/logs/line-rows.ts';
import { LogBuffer } from '../../src/logs/buffer.ts';
import { lineMatcher } from '../../src/logs/matcher.ts';

const STYLE: LineStyle = {
  width: 80,
  wrap: true,
  times: 'utc',
  precision: 'milliseconds',
  layout: 'raw',
  now: 0,
  labels: new Map([
    ['/ecs/ingestion', 'ingestion'],
    ['/airflow', 'airflow  '],
  ]),
  streams: true,
  search: lineMatcher('run'),
};

function rowsOf(message: string, style: LineStyle = STYLE) {
  const buffer = new LogBuffer();
  buffer.add([{ timestamp: 0, ingestionTime: 0, group: '/ecs/ingestion', stream: 'stream', eventId: '1', message }]);
  const line = buffer.row(0);
  if (line === undefined) throw new Error('The line is not held');
  return lineRows(line, style, { cursor: false, marked: false });
}

test('a wrapped line uses the width below its first row', () => {
  const message = 'TaskInstance Finished: dag_id=a, task_id=check_orders, run_id=scheduled__2026-11-28T23:00:00+00:00';
  expect(rowsOf(`${message}, ${message}`).map(rowText)).toEqual([
    ' 00:00:00.000 ingestion stream       TaskInstance Finished: dag_id=a,',
    '    task_id=check_orders, run_id=scheduled__2026-11-28T23:00:00+00:00,',
    '    TaskInstance Finished: dag_id=a, task_id=check_orders,',
    '    run_id=scheduled__2026-11-28T23:00:00+00:00',
  ]);
});

test('whatever its text, a wrapped line loses nothing, fits, and has each match inverse', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'run', ' ', '=', '漢', 'é', '  ', 'x'.repeat(90)),
    maxLength: 40,
  });
  fc.assert(
    fc.property(text, fc.integer({ min: 60, max: 200 }), (message, width) => {
      const rows = rowsOf(message, { ...STYLE, width });
      const solid = (value: string) => value.replaceAll(' ', '');
      const lead = rowText(rowsOf('', STYLE)[0] ?? '');
      expect(solid(rows.map(rowText).join(''))).toBe(solid(lead + message));
      for (const row of rows) expect(rowWidth(row)).toBeLessThanOrEqual(width);
      const found = rows.flatMap(segments).flatMap(({ inverse, text: part }) => (inverse ? part : ''));
      expect(found.join('')).toBe('run'.repeat(message.split('run').length - 1));
    }),
    { numRuns: 60 },
  );
});
