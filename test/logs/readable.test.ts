import { describe, expect, test } from 'vitest';
import { LogBuffer } from '../../src/logs/buffer.ts';
import type { LogEvent } from '../../src/logs/event.ts';
import { lineMatcher } from '../../src/logs/matcher.ts';
import { lineParts, prettyJson, readableMessage } from '../../src/logs/pretty.ts';
import { recordAt } from '../../src/logs/records.ts';
import { severityOf } from '../../src/logs/severity.ts';

const AIRFLOW_3 = JSON.stringify({
  timestamp: '2026-11-22T11:04:31.377Z',
  level: 'error',
  event: 'Task failed with exception',
  logger: 'task',
  ti: 'abc',
  error_detail: [
    {
      exc_type: 'RuntimeError',
      exc_value: 'ingestion failed',
      is_cause: false,
      frames: [{ filename: 'dag.py', lineno: 7, name: 'run' }],
    },
    { exc_type: 'OSError', exc_value: 'refused', is_cause: true, frames: [] },
  ],
});

test.each([
  ['[2026-11-22 11:04:31] INFO     {metadata.Ingestion:metadata:123} - Processed', 'info'],
  ['[2026-11-22T11:04:31.123+0000] {taskinstance.py:2905} ERROR - Task failed', 'error'],
  ['[2026-11-22T11:04:31.123+0000] {standard_task_runner.py:63} WARNING - slow', 'warning'],
  [AIRFLOW_3, 'error'],
  ['{"event":"x","level":"info"}', 'info'],
  ['2026-11-22 11:04:31,123 - root - CRITICAL - out', 'critical'],
  ['Traceback (most recent call last):', 'error'],
  ['sqlalchemy.exc.OperationalError: (psycopg2) refused', 'error'],
  ['time=11:04 level=warn msg="x"', 'warning'],
  ['  File "main.py", line 3, in <module>', undefined],
  ['11:04:31 an information about errors', undefined],
  ['', undefined],
] as const)('severity of %j is %s', (message, severity) => {
  expect(severityOf(message)).toBe(severity);
});

test('an Airflow 3 line reads as a line and its traceback', () => {
  expect(readableMessage(AIRFLOW_3).split('\n')).toEqual([
    'ERROR task Task failed with exception ti=abc',
    'Traceback (most recent call last):',
    'OSError: refused',
    'The above exception was the direct cause of the following exception:',
    'Traceback (most recent call last):',
    '  File "dag.py", line 7, in run',
    'RuntimeError: ingestion failed',
  ]);
  expect(readableMessage('plain {text}')).toBe('plain {text}');
  expect(readableMessage('{"a":1}')).toBe('{"a":1}');
});

test.each([
  [
    '[2026-11-22 11:04:31] INFO     {metadata.Ingestion:metadata:123} - Processed',
    'INFO',
    'metadata.Ingestion',
    'Processed',
  ],
  [
    '[2026-11-22T11:04:31.123+0000] {taskinstance.py:2905} ERROR - Task failed',
    'ERROR',
    'taskinstance.py:2905',
    'Task failed',
  ],
  ['2026-11-22 11:04:31,123 - root - CRITICAL - out', 'CRITICAL', 'root', 'out'],
  ['2026-11-22T11:04:31Z WARN slow', 'WARN', undefined, 'slow'],
  ['{"event":"x","level":"info","logger":"task","n":1}', 'INFO', 'task', 'x n=1'],
  ['  File "main.py", line 3, in <module>', undefined, undefined, '  File "main.py", line 3, in <module>'],
  ['[not a time] text', undefined, undefined, '[not a time] text'],
  ['', undefined, undefined, ''],
])('the parts of %j', (message, level, source, text) => {
  expect(lineParts(message)).toEqual({ level, source, text });
});

test('pretty JSON keeps every literal', () => {
  expect(prettyJson('{"id":12345678901234567890,"a":[],"b":{},"c":[1,{"d":"x, {y}: \\"z\\""}]}')).toEqual([
    '{',
    '  "id": 12345678901234567890,',
    '  "a": [],',
    '  "b": {},',
    '  "c": [',
    '    1,',
    '    {',
    '      "d": "x, {y}: \\"z\\""',
    '    }',
    '  ]',
    '}',
  ]);
  expect(prettyJson('not json')).toBeUndefined();
  expect(prettyJson('{broken')).toBeUndefined();
});

describe('records', () => {
  const messages = [
    ['a', '[11:04] INFO begin'],
    ['a', 'Traceback (most recent call last):'],
    ['b', 'something else'],
    ['a', '  File "x.py", line 1'],
    ['a', 'ValueError: no'],
    ['a', '[11:05] INFO next'],
  ] as const;
  const events = messages.map(
    ([stream, message], at): LogEvent => ({
      timestamp: at,
      ingestionTime: at,
      group: 'g',
      stream,
      eventId: `${at}`,
      message,
    }),
  );

  test('a traceback stays with the line it belongs to, past the lines of other streams, however it comes', () => {
    const inOrder = ['0', '1', '3', '4', '2', '5'];
    const batches = [
      [events],
      events.map((event) => [event]),
      [events.slice(0, 1), events.slice(5), events.slice(1, 5)],
    ];
    for (const each of batches) {
      const buffer = new LogBuffer();
      for (const batch of each) buffer.add(batch);
      expect(buffer.slice(0, buffer.rows).map((line) => line.event.eventId)).toEqual(inOrder);
      for (const row of [0, 1, 2, 3]) {
        expect(recordAt(buffer, row).map((line) => line.event.eventId)).toEqual(['0', '1', '3', '4']);
      }
      expect(recordAt(buffer, 4)).toHaveLength(1);
    }
  });

  test('is one error, and a filter shows or hides it by its first line', async () => {
    const buffer = new LogBuffer();
    buffer.add(events);
    await buffer.settled();
    expect([buffer.errors, buffer.nextError(0, 1)]).toEqual([1, 1]);
    const shown = async (text: string) => {
      buffer.setFilter(lineMatcher(text));
      await buffer.settled();
      return buffer.slice(0, buffer.rows).map((line) => line.event.eventId);
    };
    expect(await shown('begin')).toEqual(['0', '1', '3', '4']);
    expect(await shown('!begin')).toEqual(['2', '5']);
    expect(await shown('ValueError')).toEqual(['4']);
  });

  test('ends where a line stands alone, or after a pause', () => {
    const buffer = new LogBuffer();
    const [first, second] = events;
    if (first === undefined || second === undefined) throw new Error('no events');
    buffer.add([first, { ...second, timestamp: 60_000 }]);
    expect(recordAt(buffer, 0)).toHaveLength(1);
  });
});

describe('what a user types to look for', () => {
  test('is plain text, smart about case, or an expression, or turned round', () => {
    expect(lineMatcher('')).toBeUndefined();
    expect(lineMatcher('err')?.test('An ERROR')).toBe(true);
    expect(lineMatcher('Err')?.test('An ERROR')).toBe(false);
    expect(lineMatcher('a.b')?.test('axb')).toBe(false);
    expect(lineMatcher('/a.b/')?.test('axb')).toBe(true);
    expect(lineMatcher('!info')?.test('INFO x')).toBe(false);
    expect(lineMatcher('o')?.ranges('foo')).toEqual([
      [1, 2],
      [2, 3],
    ]);
    expect(() => lineMatcher('/(/')).toThrow(/Not a regular expression/);
  });
});
