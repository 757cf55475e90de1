import { unlessMissing } from '../../aws/found.ts';
import { Failure } from '../../text/failure.ts';
import type { Target } from '../step.ts';

/** An object of the environment's bucket at one version. */
export interface BucketObject {
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly text: string;
  /** Empty where the bucket keeps none. */
  readonly versionId: string;
  /** By S3's clock: ms since the epoch. */
  readonly writtenAt: number;
}

/** Reads an object, the newest version or that of `versionId`; undefined when there is none. */
export async function readObject(
  { session, environment }: Target,
  key: string,
  signal: AbortSignal,
  versionId?: string | null,
): Promise<BucketObject | undefined> {
  const version = versionId == null || versionId === '' ? {} : { VersionId: versionId };
  const read = session.s3.getObject({ Bucket: environment.sourceBucket, Key: key, ...version }, { signal });
  const answer = await unlessMissing(read);
  if (answer === undefined) return undefined;
  const bytes = (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
  return {
    key,
    bytes,
    text: Buffer.from(bytes).toString('utf8'),
    versionId: answer.VersionId ?? '',
    writtenAt: answer.LastModified?.getTime() ?? 0,
  };
}

/** Puts an object unless its newest version holds just that; the version that does. */
export async function putObject(
  target: Target,
  key: string,
  bytes: Uint8Array,
  contentType: string,
  signal: AbortSignal,
): Promise<BucketObject> {
  const isIt = (found: BucketObject | undefined) => found !== undefined && Buffer.compare(found.bytes, bytes) === 0;
  const there = await readObject(target, key, signal);
  if (there !== undefined && isIt(there)) return there;
  const { session, environment } = target;
  await session.s3.putObject(
    { Bucket: environment.sourceBucket, Key: key, Body: bytes, ContentType: contentType },
    { signal },
  );
  const put = await readObject(target, key, signal);
  if (put !== undefined && isIt(put)) return put;
  throw new Failure('failed', `s3://${environment.sourceBucket}/${key} was written by somebody else.`, {
    advice: 'Plan again to see what it holds now.',
    resource: key,
  });
}
