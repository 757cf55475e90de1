import { setTimeout as pause } from 'node:timers/promises';
import { AwsClient } from '../aws-client.ts';

/** A copy of a bucket's folder that follows it until it is stopped. */
export interface BucketCopy {
  stop(): Promise<void>;
}

/** Between two looks at the bucket, in ms; MWAA takes about half a minute. */
const PAUSE = 500;
/** What Python makes beside the DAGs, which is not in the bucket and not to be removed. */
const CACHES = ['--exclude', '__pycache__/*', '--exclude', '*/__pycache__/*'];

/**
 * Copies what is below `prefix` of a bucket into a folder by `aws s3 sync`, and takes away there what goes from the
 * bucket, as MWAA does with `dags/`. What was there before the first look and has not changed since is left out: the DAGs
 * of the region's other teams are not for a real Airflow to run.
 */
export async function followBucket(options: {
  readonly endpoint: string;
  readonly bucket: string;
  /** Such as `dags/`. */
  readonly prefix: string;
  readonly folder: string;
}): Promise<BucketCopy> {
  const { endpoint, bucket, prefix, folder } = options;
  const aws = new AwsClient(endpoint);
  /** What identifies each object's content, by its key below the prefix. */
  const look = async (): Promise<ReadonlyMap<string, string>> => {
    type Listed = { Contents?: { Key: string; ETag: string }[] };
    const words = ['list-objects-v2', '--bucket', bucket, '--prefix', prefix];
    const { Contents = [] } = await aws.json<Listed>('s3api', ...words);
    return new Map(Contents.map(({ Key, ETag }) => [Key.slice(prefix.length), ETag]));
  };
  const seeded = await look();
  const copy = async () => {
    const found = await look();
    const others = [...seeded].filter(([key, tag]) => found.get(key) === tag && key !== '');
    // Changes of equal size are told by their time alone.
    const words = ['--delete', '--exact-timestamps', '--only-show-errors', ...CACHES];
    const excludes = others.flatMap(([key]) => ['--exclude', key]);
    await aws.run('s3', 'sync', `s3://${bucket}/${prefix}`, folder, ...words, ...excludes);
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
      aws.dispose();
    },
  };
}
