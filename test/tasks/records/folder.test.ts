import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { folderRecords } from '../../../src/tasks/records/folder.ts';
import { memoryRecords } from '../../../src/tasks/records/memory.ts';
import { type ClusterPlace, RECORDS_OF_A_CLUSTER } from '../../../src/tasks/records/records.ts';
import { followedRecord, record } from './sample-record.ts';

const PLACE: ClusterPlace = { endpoint: undefined, account: '123456789012', region: 'eu-west-1', cluster: 'ingestion' };
const CLUSTER = join('123456789012-eu-west-1', 'ingestion');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mwaa-console-records-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.each([
  ['a folder', () => folderRecords(folder)],
  ['memory', () => memoryRecords()],
] as const)('the record of stopped tasks in %s', (_, open) => {
  test('gives back what was kept, the newest first, each cluster and endpoint by itself', async () => {
    const records = open();
    await records.keep(PLACE, [record('older', 1000), record('newer', 2000)]);
    await records.keep({ ...PLACE, cluster: 'other' }, [record('elsewhere', 3000)]);
    await records.keep({ ...PLACE, endpoint: '127.0.0.1:4599' }, [record('embedded', 3000)]);
    expect((await records.list(PLACE)).map(({ task }) => task.id)).toEqual(['newer', 'older']);
    expect(await records.find(PLACE, 'older')).toMatchObject({ task: { stoppedReason: 'Essential container' } });
    expect(await records.find(PLACE, 'elsewhere')).toBeUndefined();
    expect(records.trouble).toBeUndefined();
  });

  test('never gives up what following told for what a list tells', async () => {
    const records = open();
    await records.keep(PLACE, [record('task', 1000)]);
    await records.keep(PLACE, [followedRecord('task', 1000)]);
    await records.keep(PLACE, [record('task', 1000)]);
    expect((await records.find(PLACE, 'task'))?.result).toMatchObject({ exitCode: 1, summary: { records: 12 } });
    expect((await records.list(PLACE))[0]?.result?.phases).toEqual(followedRecord('task', 1000).result?.phases);
  });

  test('is bounded: the tasks that stopped first go', async () => {
    const records = open();
    const many = Array.from({ length: RECORDS_OF_A_CLUSTER + 20 }, (_each, at) =>
      record(`task-${at}`, 10_000 + at * 1000),
    );
    await records.keep(PLACE, many.slice(100));
    await records.keep(PLACE, many.slice(0, 100));
    const kept = await records.list(PLACE);
    expect(kept).toHaveLength(RECORDS_OF_A_CLUSTER);
    expect(kept.at(-1)?.task.id).toBe('task-20');
  });
});

describe('in a folder', () => {
  test('two consoles keep the same and different tasks at once: every task once, none torn', async () => {
    const [one, other] = [folderRecords(folder), folderRecords(folder)];
    const ids = Array.from({ length: 40 }, (_, at) => `task-${at}`);
    await Promise.all(
      ids.flatMap((id, at) => [
        one.keep(PLACE, [record(id, 1000 + at)]),
        other.keep(PLACE, [at % 2 === 0 ? followedRecord(id, 1000 + at) : record(id, 1000 + at)]),
      ]),
    );
    for (const records of [one, other]) {
      const kept = await records.list(PLACE);
      expect(kept.map(({ task }) => task.id).sort()).toEqual([...ids].sort());
      expect(kept.filter(({ result }) => result !== undefined)).toHaveLength(20);
    }
    expect(readdirSync(join(folder, CLUSTER)).filter((name) => !name.endsWith('.json'))).toEqual([]);
  });

  test('is for the user alone', async () => {
    await folderRecords(folder).keep(PLACE, [record('task', 1000)]);
    expect(statSync(join(folder, CLUSTER)).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, CLUSTER, 'task.json')).mode & 0o777).toBe(0o600);
  });

  test('passes over files that are broken, of a later version or too large, and clears what was left half written', async () => {
    await folderRecords(folder).keep(PLACE, [record('task', 1000)]);
    const place = join(folder, CLUSTER);
    const whole = readFileSync(join(place, 'task.json'), 'utf8');
    writeFileSync(join(place, 'torn.json'), whole.slice(0, 80));
    writeFileSync(join(place, 'later.json'), whole.replace('"schema":1', '"schema":2'));
    writeFileSync(join(place, 'large.json'), `${' '.repeat(200_000)}${whole}`);
    writeFileSync(join(place, 'left.new'), '{');
    const records = folderRecords(folder);
    expect((await records.list(PLACE)).map(({ task }) => task.id)).toEqual(['task']);
    expect(await records.find(PLACE, 'torn')).toBeUndefined();
    // Half an hour may be another console at work; its time of change can't be set back, so this one stays.
    utimesSync(join(place, 'left.new'), 0, 0);
    await records.keep(PLACE, [record('next', 2000)]);
    expect(readdirSync(place)).toContain('left.new');
  });

  test('takes no name for a path', async () => {
    const records = folderRecords(folder);
    const unnamed = record('task', 1000);
    await records.keep(PLACE, [{ ...unnamed, task: { ...unnamed.task, id: '../outside' } }]);
    await records.keep({ ...PLACE, cluster: '..' }, [unnamed]);
    await records.keep({ ...PLACE, account: '../../etc' }, [unnamed]);
    expect(readdirSync(folder)).toEqual([]);
    expect(await records.find(PLACE, '../outside')).toBeUndefined();
  });

  test('that cannot be written says so once and never fails', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const records = folderRecords(join(file, 'tasks'));
    await records.keep(PLACE, [record('task', 1000)]);
    expect(records.trouble).toMatch(/record of stopped tasks .* can't be written \(ENOTDIR\)/);
    expect(await records.list(PLACE)).toEqual([]);
    expect(await records.find(PLACE, 'task')).toBeUndefined();
  });
});
