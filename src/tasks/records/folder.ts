import { link, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { recordFrom, recordText, type TaskRecord } from './record.ts';
import { type ClusterPlace, newestFirst, RECORDS_OF_A_CLUSTER, stoppedAt, type TaskRecords } from './records.ts';

/** What a record may take on the disk, bytes; larger files are none of ours. */
const LARGEST = 128 * 1024;
/** A file that a process began to write and did not finish, ms. */
const ABANDONED = 60 * 60 * 1000;
/** How file systems say that they have no links. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);
/** Names as ECS has them for clusters and tasks; nothing else becomes a path. */
const NAME = /^[\w-]{1,255}$/;

/**
 * The record of stopped tasks in a folder: `<account>-<region>/<cluster>/<task>.json`, one file a task. A file is written
 * beside its place and then linked or renamed into it, so any number of processes may keep, read and clear at once, and
 * a crash leaves no half record. A file's time is when its task stopped: the oldest are removed beyond the limit.
 */
export function folderRecords(folder: string): TaskRecords {
  const read = new Map<string, { readonly size: number; readonly record: TaskRecord | undefined }>();
  const known = new Set<string>();
  let trouble: string | undefined;

  const attempt = async <Result>(
    what: 'read' | 'written',
    work: () => Promise<Result>,
  ): Promise<Result | undefined> => {
    try {
      return await work();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (what === 'read' && (code === 'ENOENT' || code === 'ENOTDIR')) return undefined;
      trouble ??= `The record of stopped tasks in ${folder} can't be ${what} (${code ?? message}).`;
      return undefined;
    }
  };

  const readRecord = async (file: string): Promise<TaskRecord | undefined> => {
    const { size } = await stat(file);
    const before = read.get(file);
    // A record only ever grows: from what a list tells to what following told.
    if (before?.size === size) return before.record;
    const record = size > LARGEST ? undefined : recordFrom(await readFile(file, 'utf8'));
    read.set(file, { size, record });
    return record;
  };

  return {
    get trouble() {
      return trouble;
    },
    keep: async (place, records) => {
      const cluster = clusterFolder(folder, place);
      const fresh = records.filter(
        ({ task, result }) => NAME.test(task.id) && (result !== undefined || !known.has(join(cluster ?? '', task.id))),
      );
      if (cluster === undefined || fresh.length === 0) return;
      await attempt('written', async () => {
        await mkdir(cluster, { recursive: true, mode: 0o700 });
        for (const record of fresh) {
          await put(cluster, record);
          known.add(join(cluster, record.task.id));
        }
        await clear(cluster);
      });
    },
    list: async (place) => {
      const cluster = clusterFolder(folder, place);
      const names = cluster === undefined ? [] : ((await attempt('read', () => readdir(cluster))) ?? []);
      const found = await Promise.all(
        names
          .filter((name) => name.endsWith('.json'))
          .map((name) => attempt('read', () => readRecord(join(cluster ?? '', name)))),
      );
      return newestFirst(found.filter((record) => record !== undefined));
    },
    find: async (place, taskId) => {
      const cluster = clusterFolder(folder, place);
      if (cluster === undefined || !NAME.test(taskId)) return undefined;
      return attempt('read', () => readRecord(join(cluster, `${taskId}.json`)));
    },
  };
}

function clusterFolder(folder: string, { endpoint, account, region, cluster }: ClusterPlace): string | undefined {
  const names = [`${account}-${region}`, cluster];
  if (!names.every((name) => NAME.test(name))) return undefined;
  return join(folder, ...(endpoint === undefined ? [] : [`at-${endpoint.replace(/[^\w-]/g, '-')}`]), ...names);
}

/** Writes one record; what a list tells never takes the place of what is there already. */
async function put(cluster: string, record: TaskRecord): Promise<void> {
  const file = join(cluster, `${record.task.id}.json`);
  const fresh = join(cluster, `${record.task.id}.${crypto.randomUUID()}.new`);
  const at = new Date(stoppedAt(record));
  try {
    await writeFile(fresh, recordText(record), { mode: 0o600 });
    await utimes(fresh, at, at);
    if (record.result !== undefined) return await rename(fresh, file);
    await link(fresh, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return;
      if (!NO_LINKS.has(error.code ?? '')) throw error;
      return rename(fresh, file);
    });
  } finally {
    await rm(fresh, { force: true });
  }
}

/** Removes the oldest records beyond the limit, and what a process that is gone left half written. */
async function clear(cluster: string): Promise<void> {
  const names = await readdir(cluster);
  const left = names.filter((name) => name.endsWith('.new'));
  const records = names.filter((name) => name.endsWith('.json'));
  if (left.length === 0 && records.length <= RECORDS_OF_A_CLUSTER) return;
  const aged = async (name: string) => {
    const file = join(cluster, name);
    // Another process may have removed it meanwhile.
    const info = await stat(file).catch(() => undefined);
    return { file, at: info?.mtimeMs ?? 0, writtenAt: info?.ctimeMs ?? Number.POSITIVE_INFINITY };
  };
  const [oldest, abandoned] = await Promise.all([Promise.all(records.map(aged)), Promise.all(left.map(aged))]);
  const surplus = oldest.sort((a, b) => b.at - a.at).slice(RECORDS_OF_A_CLUSTER);
  const stale = abandoned.filter(({ writtenAt }) => Date.now() - writtenAt > ABANDONED);
  await Promise.all([...surplus, ...stale].map(({ file }) => rm(file, { force: true })));
}
