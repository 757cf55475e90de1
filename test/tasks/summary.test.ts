import { expect, test } from 'vitest';
import { parseSummary, SummaryCollector } from '../../src/tasks/summary.ts';

const prefix = '[2026-11-22 11:05:00] INFO     {metadata.Utils:logger:201} - ';
const ESC = String.fromCharCode(27);

test('a summary with each step’s success and the workflow’s', () => {
  const lines = [
    'Workflow Snowflake Summary:',
    'Processed records: 200',
    'Updated records: 10',
    'Warnings: 4',
    'Filtered: 12',
    'Errors: 2',
    'Success %: 99.01',
    'Workflow OpenMetadata Summary:',
    'Processed records: 198',
    'Updated records: None',
    'Warnings: 0',
    'Errors: 0',
    'Success %: 100.0',
    'List of failures:',
    'Workflow Success %: 99.5',
    'Workflow finished in time: 1m 2.00s',
  ].map((line) => prefix + line);
  expect(parseSummary(lines)).toEqual({
    steps: [
      { name: 'Snowflake', records: 200, updated: 10, filtered: 12, warnings: 4, errors: 2, success: 99.01 },
      { name: 'OpenMetadata', records: 198, updated: 0, filtered: 0, warnings: 0, errors: 0, success: 100 },
    ],
    records: 398,
    filtered: 12,
    warnings: 4,
    errors: 2,
    success: 99.5,
  });
});

test('an older one, with one success at the end and colours around everything', () => {
  const lines = [
    'Workflow Source Summary:',
    'Processed records: 5',
    'Errors: 1',
    'Workflow Sink Summary:',
    'Processed records: 4',
    'Errors: 0',
    'Success %: 90.0',
  ];
  expect(parseSummary(lines.map((line) => `${ESC}[1m${line}${ESC}[0m`))).toMatchObject({
    steps: [
      { name: 'Source', success: null },
      { name: 'Sink', success: null },
    ],
    errors: 1,
    success: 90,
  });
});

test('the last of two workflows in a log counts, and lines found late stand where they belong', () => {
  const lines = [1, 2].flatMap((run) => ['Workflow Source Summary:', `Processed records: ${run}`, 'Success %: 100.0']);
  const events = lines.map((message, at) => ({
    timestamp: at,
    ingestionTime: at,
    group: 'g',
    stream: 's',
    eventId: `${at}`,
    message,
  }));
  const collector = new SummaryCollector();
  collector.add(events.slice(3));
  collector.add(events.slice(0, 3));
  collector.add(
    [{ timestamp: 9, ingestionTime: 9, group: 'g', stream: 's', eventId: '9', message: 'Errors: 5 of them' }].slice(1),
  );
  expect(collector.summary).toMatchObject({ records: 2, success: 100 });
  expect(parseSummary(['nothing', 'Errors: 3', 'Success %: 10'])).toBeNull();
});

test('what a failure or a line of another logger quotes is no count', () => {
  const lines = [
    'Workflow Source Summary:',
    'Processed records: 5',
    'Errors: 1',
    'Success %: 83.33',
    'List of failures:',
    '\n| Source | orders | Errors: 99 | Traceback: Warnings: 98 |\n|        |        | Success %: 1 | Filtered: 97',
    'The server said Errors: 96',
    'Workflow Success %: 83.33',
  ];
  expect(parseSummary(lines.map((line) => prefix + line))).toMatchObject({
    records: 5,
    filtered: 0,
    warnings: 0,
    errors: 1,
    success: 83.33,
  });
});
