import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSession } from '../../src/aws/open.ts';
import type { Session } from '../../src/aws/session.ts';
import { type RunningRegion, startRegion } from '../../src/demo/region.ts';
import { command } from '../support/command.ts';

const IMAGE = 'registry.example.com/openmetadata/ingestion:process';
const LINES = 20_000;
const LONG = 300_000;

/** What the process prints: many lines, bytes that are no text, a line longer than an event, no newline at its end. */
const PROGRAM = `
const write = (bytes) => new Promise((done) => process.stdout.write(bytes, done));
for (let at = 0; at < ${LINES}; at += 1000) {
  await write(Array.from({ length: 1000 }, (_, more) => 'line ' + (at + more) + ' of many\\n').join(''));
}
await write(Buffer.from([0x1b, 0x5b, 0x32, 0x4a, 0xff, 0xfe, 0x80, 0x07, 0x0d, 0x0a]));
await write('x'.repeat(${LONG}) + '\\n');
await write('no newline at the end');
process.exitCode = 3;
`;

let region: RunningRegion;
let session: Session;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mwaa-console-process-'));
  const program = join(folder, 'program.mjs');
  writeFileSync(program, PROGRAM);
  region = await startRegion({ seed: 7, speed: 60, images: { [IMAGE]: `${process.execPath} ${program}` } });
  session = await openSession({
    endpoint: region.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIADEMOADMIN0000000', secretAccessKey: 'demo' },
  });
});
afterAll(async () => {
  session.close();
  await region.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a real process as the container: every line of it, junk, one too long for an event, and its last without an end', async () => {
  const { taskDefinition } = await session.ecs.describeTaskDefinition(
    { taskDefinition: 'data-prod-postgres_usage' },
    {},
  );
  const { executionRoleArn, containerDefinitions, cpu, memory, networkMode } = taskDefinition ?? {};
  await session.ecs.registerTaskDefinition(
    {
      family: 'process',
      ...{ executionRoleArn, cpu, memory, networkMode },
      requiresCompatibilities: ['FARGATE'],
      containerDefinitions: [{ ...containerDefinitions?.[0], image: IMAGE, command: [], secrets: [] }],
    } as never,
    {},
  );
  const ended = await command(
    [
      ...['--endpoint-url', region.url, 'run', '--cluster', 'openmetadata-ingestion', '--task-definition', 'process'],
      ...['--subnet', 'subnet-0a1b2c3d4e5f60011', '--security-group', 'sg-0a1b2c3d4e5f60032'],
    ],
    {
      XDG_STATE_HOME: folder,
      AWS_CONFIG_FILE: join(folder, 'config'),
      AWS_ACCESS_KEY_ID: 'AKIADEMOADMIN0000000',
      AWS_SECRET_ACCESS_KEY: 'demo',
      AWS_REGION: 'eu-west-1',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  );
  expect(ended.code, ended.stderr).toBe(1);
  expect(ended.stdout).toContain('Failed: exit code 3');
  const lines = ended.stdout.split('\n');
  const numbers = lines.flatMap((line) => {
    const found = /^\S+ +line (\d+) of many$/.exec(line);
    return found === null ? [] : [Number(found[1])];
  });
  expect(numbers.length).toBe(LINES);
  expect(new Set(numbers).size).toBe(LINES);
  // A line of 300,000 bytes is two events (awslogs: 256 KiB), the junk one and the end another.
  expect(ended.stdout).toContain(`${LINES + 4} log lines`);
  expect(
    lines
      .join('')
      .match(/x{1000,}/g)
      ?.join('').length,
  ).toBe(LONG);
  expect(ended.stdout).toContain('\u{FFFD}\u{FFFD}\u{FFFD}');
  expect(ended.stdout).toContain('no newline at the end');
  // Nothing of it reaches the terminal as a command.
  for (const control of ['\u0007', '\u001b']) expect(ended.stdout).not.toContain(control);
});
