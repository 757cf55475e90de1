import { unlessMissing } from '../aws/found.ts';
import type { Session } from '../aws/session.ts';
import { optionalText } from './members.ts';

/** The newest version of an object in an environment's bucket. */
export interface StoredVersion {
  readonly key: string;
  /** Absent where the bucket keeps no versions. */
  readonly versionId: string | undefined;
  /** ms since the epoch, by S3's clock. */
  readonly writtenAt: number | undefined;
}

/** The newest version of an object; undefined where there is none. Fails as HeadObject does. */
export async function readNewestVersion(
  session: Session,
  bucket: string,
  key: string,
  signal: AbortSignal,
): Promise<StoredVersion | undefined> {
  const found = await unlessMissing(session.s3.headObject({ Bucket: bucket, Key: key }, { signal }));
  return found && { key, versionId: optionalText(found.VersionId), writtenAt: found.LastModified?.getTime() };
}
