import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';

/** A copy of a bucket's folder that follows it until it is stopped. */
export interface BucketCopy {
  stop(): Promise<void>;
}

/** Between two looks at the bucket, in ms; MWAA takes about half a minute. */
const PAUSE = 500;

/**
 * Copies what changes below `prefix` of a bucket into a folder, as MWAA does with `dags/`. What was there before the
 * first look is left out: the DAGs of the region's other teams are not for a real Airflow to run.
 */
export async function followBucket(options: {
  readonly endpoint: string;
  readonly bucket: string;
  /** Such as `dags/`. */
  readonly prefix: string;
  readonly folder: string;
}): Promise<BucketCopy> {
  const { endpoint, bucket, prefix, folder } = options;
  const credentials = { accessKeyId: 'AKIADEMOADMIN0000000', secretAccessKey: 'demo' };
  const s3 = new S3Client({ endpoint, region: 'eu-west-1', forcePathStyle: true, credentials });
  /** The versions of the objects, by key. */
  const look = async () => {
    const found = new Map<string, string>();
    let next: string | undefined;
    do {
      const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: next });
      const page = await s3.send(command);
      for (const { Key = '', ETag = '' } of page.Contents ?? []) if (!Key.endsWith('/')) found.set(Key, ETag);
      next = page.NextContinuationToken;
    } while (next !== undefined);
    return found;
  };
  const seeded = await look();
  const copied = new Map<string, string>();
  const copy = async () => {
    const found = await look();
    for (const [key, tag] of found) {
      if (seeded.get(key) === tag || copied.get(key) === tag) continue;
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      const path = join(folder, key.slice(prefix.length));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, (await Body?.transformToByteArray()) ?? '');
      copied.set(key, tag);
    }
    for (const key of copied.keys()) {
      if (found.has(key)) continue;
      rmSync(join(folder, key.slice(prefix.length)), { force: true });
      copied.delete(key);
    }
  };
  const stopped = new AbortController();
  const following = (async () => {
    while (!stopped.signal.aborted) {
      // A fault that a test asked the region for is tried again, as MWAA would.
      await copy().catch(() => {});
      await pause(PAUSE, undefined, { signal: stopped.signal }).catch(() => {});
    }
  })();
  return {
    stop: async () => {
      stopped.abort();
      await following;
      s3.destroy();
    },
  };
}
