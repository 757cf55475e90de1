import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { parseArn } from '../../aws/arn.ts';
import { Failure } from '../../text/failure.ts';
import { isObject } from '../records/members.ts';

/** What a run with a configuration of its own makes, written down before any of it is made. */
export interface TemporaryParts {
  /** Of this run; also its client token. A UUID. */
  readonly id: string;
  /** Host and port of an endpoint that is not AWS's own. */
  readonly endpoint: string | undefined;
  readonly account: string;
  readonly region: string;
  readonly cluster: string;
  readonly secretName: string;
  readonly family: string;
  /** ms since the epoch, by the session's clock. */
  readonly startedAt: number;
  /** The machine and process that carry it on. */
  readonly host: string;
  readonly pid: number;
}

/** Where temporary parts are written down until they are removed. Without a folder only this process knows them. */
export interface TemporaryJournal {
  /** @throws Failure `failed` when it can't be written: nothing must be made then. */
  begin(parts: TemporaryParts): Promise<void>;
  end(id: string): Promise<void>;
  /** All that are written down, whoever made them; what can't be read is passed over. */
  list(): Promise<TemporaryParts[]>;
}

/** A journal in a folder, one file a run; any number of processes may use it at once. */
export function folderJournal(folder: string): TemporaryJournal {
  const fileOf = (id: string) => join(folder, `${id}.json`);
  return {
    begin: async (parts) => {
      const file = fileOf(parts.id);
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeFile(`${file}.new`, `${JSON.stringify({ schema: 1, ...parts })}\n`, { mode: 0o600, flush: true });
        await rename(`${file}.new`, file);
      } catch (cause) {
        const code = (cause as NodeJS.ErrnoException).code ?? '';
        throw new Failure('failed', `What this run makes can't be written down in ${folder} (${code}).`, {
          advice:
            'Make the folder writable, or set XDG_STATE_HOME to one that is: without it a crash would leave a secret.',
          resource: folder,
          cause,
        });
      }
    },
    end: (id) => rm(fileOf(id), { force: true }),
    list: async () => {
      const names = await readdir(folder).catch(() => []);
      const texts = await Promise.all(
        names
          .filter((name) => name.endsWith('.json'))
          .map((name) => readFile(join(folder, name), 'utf8').catch(() => '')),
      );
      return texts.flatMap(partsFrom);
    },
  };
}

/** A journal that ends with the process: of the embedded region nothing can be left behind. */
export function memoryJournal(): TemporaryJournal {
  const begun = new Map<string, TemporaryParts>();
  return {
    begin: async (parts) => void begun.set(parts.id, parts),
    end: async (id) => void begun.delete(id),
    list: async () => [...begun.values()],
  };
}

function partsFrom(text: string): TemporaryParts[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  if (!isObject(value) || value.schema !== 1) return [];
  const { id, endpoint, account, region, cluster, secretName, family, startedAt, host, pid } = value;
  const texts = [id, account, region, cluster, secretName, family, host];
  if (texts.some((each) => typeof each !== 'string' || each === '')) return [];
  if (typeof startedAt !== 'number' || typeof pid !== 'number') return [];
  return [
    {
      id: String(id),
      endpoint: typeof endpoint === 'string' ? endpoint : undefined,
      account: String(account),
      region: String(region),
      cluster: String(cluster),
      secretName: String(secretName),
      family: String(family),
      startedAt,
      host: String(host),
      pid,
    },
  ];
}

/** No run is carried on for so long before its parts are removed, ms: they are as soon as its task has started. */
const LONGEST = 24 * 3_600_000;

/**
 * Whether nobody carries a run on any more: its process is gone, or, where it ran on another machine, it is too long ago.
 * `now` by the session's clock, ms since the epoch.
 */
export function isLeft(parts: TemporaryParts, now: number): boolean {
  if (now - parts.startedAt > LONGEST) return true;
  if (parts.host !== hostname()) return false;
  if (parts.pid === process.pid) return false;
  try {
    process.kill(parts.pid, 0);
    return false;
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** Whether an ARN of a secret is of the secret of that name; Secrets Manager adds a hyphen and six characters. */
export function isSecretOf(reference: string, secretName: string): boolean {
  const resource = parseArn(reference.split(':').slice(0, 7).join(':'))?.resource ?? '';
  return resource.startsWith(`secret:${secretName}-`) && resource.length === `secret:${secretName}-`.length + 6;
}
