import { expect, test } from 'vitest';
import { ErrorCollector } from '../../src/tasks/log-error.ts';

function errorOf(messages: readonly string[]) {
  const collector = new ErrorCollector();
  collector.add(
    messages.map((message, at) => ({
      timestamp: at,
      ingestionTime: at,
      group: 'g',
      stream: 's',
      eventId: `${at}`,
      message,
    })),
  );
  return collector.error;
}

test('the uncaught exception is the error, and its cause the first thing to check', () => {
  expect(
    errorOf([
      '[2026-11-22 11:04:31] INFO     {metadata.Ingestion:a:1} - fine',
      'Traceback (most recent call last):',
      '  File "/ingestion/main.py", line 124, in <module>',
      'sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) connection to server at "db" (10.0.41.17), port 5432 failed: Connection refused',
      '\tIs the server running on that host and accepting TCP/IP connections?',
    ]),
  ).toEqual({
    text: expect.stringMatching(/^sqlalchemy.*refused$/),
    advice: expect.stringContaining('security group'),
  });
});

test('an exception that only counts is explained by the errors before it', () => {
  expect(
    errorOf([
      '[2026-11-22 11:04:31] ERROR    {metadata.OMetaAPI:client:296} - Failed to put [orders]: 503 Service Unavailable',
      'metadata.config.common.WorkflowExecutionError: OpenMetadata reported errors: [200 Records, 40 Errors]',
    ]),
  ).toEqual({ text: expect.stringContaining('40 Errors'), advice: expect.stringContaining('server') });
});

test('without an exception the last error line counts, without its prefix; without errors there is nothing', () => {
  expect(errorOf(['[2026-11-22 11:04:31] ERROR    {a.b:c:1} - strange', 'plain'])).toEqual({
    text: 'strange',
    advice: undefined,
  });
  expect(errorOf(['[2026-11-22 11:04:31] INFO     {a.b:c:1} - fine'])).toBeUndefined();
});

test('a log of errors alone keeps the last', () => {
  expect(errorOf(Array.from({ length: 5000 }, (_, line) => `ValueError: ${line} ${'x'.repeat(1000)}`))?.text).toMatch(
    /^ValueError: 4999 x+…$/,
  );
});
