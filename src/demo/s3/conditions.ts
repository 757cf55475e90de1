import { createHash } from 'node:crypto';
import { CHECKSUM_ALGORITHMS, type Checksum, checksum } from './checksums.ts';
import { s3Errors } from './errors.ts';
import type { Bucket, StoredVersion } from './store.ts';

type Headers = Readonly<Record<string, string>>;

const unquoted = (etag: string): string => etag.trim().replace(/^W\//, '').replace(/^"|"$/g, '');

/** Whether one of a header's entity tags, or `*`, is the version's. */
function matches(header: string, version: StoredVersion): boolean {
  return header.split(',').some((tag) => tag.trim() === '*' || unquoted(tag) === version.etag);
}

/**
 * A read's preconditions, in the order of RFC 9110: `true` means "not modified" (304).
 * Throws `PreconditionFailed` (412).
 */
export function notModified(headers: Headers, version: StoredVersion): boolean {
  const ifMatch = headers['if-match'];
  const unmodifiedSince = Date.parse(headers['if-unmodified-since'] ?? '');
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, version)) throw s3Errors.preconditionFailed('If-Match');
  } else if (version.lastModified > unmodifiedSince) {
    throw s3Errors.preconditionFailed('If-Unmodified-Since');
  }
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined) return matches(ifNoneMatch, version);
  return version.lastModified <= Date.parse(headers['if-modified-since'] ?? '');
}

/**
 * A conditional write's precondition against what is stored now: `If-None-Match: *` wants no object,
 * `If-Match` wants this entity tag (Amazon S3 user guide, Conditional writes).
 */
export function checkWrite(headers: Headers, bucket: Bucket, key: string): void {
  const ifNoneMatch = headers['if-none-match'];
  const ifMatch = headers['if-match'];
  const current = bucket.current(key);
  const present = current !== undefined && !current.deleteMarker;
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch.trim() !== '*' || ifMatch !== undefined) throw s3Errors.notImplemented('If-None-Match');
    if (present) throw s3Errors.preconditionFailed('If-None-Match');
  }
  if (ifMatch !== undefined) {
    if (!present) throw s3Errors.noSuchKey(key);
    if (!matches(ifMatch, current)) throw s3Errors.preconditionFailed('If-Match');
  }
}

/** A conditional deletion's precondition: only the current version counts (Conditional deletes). */
export function checkDelete(ifMatch: string | undefined, bucket: Bucket, key: string): void {
  if (ifMatch === undefined) return;
  const current = bucket.current(key);
  if (current === undefined) throw s3Errors.noSuchKey(key);
  if (current.deleteMarker || !matches(ifMatch, current)) throw s3Errors.preconditionFailed('If-Match');
}

/** Whether a write carries a precondition. */
export function isConditional(headers: Headers): boolean {
  return headers['if-none-match'] !== undefined || headers['if-match'] !== undefined;
}

/**
 * Checks an uploaded body against `Content-MD5` and `x-amz-checksum-…` (a header, or a trailer that
 * arrived as one) and answers the checksum to store.
 */
export function checkedPayload(headers: Headers, body: Buffer): Checksum | undefined {
  const md5 = headers['content-md5'];
  if (md5 !== undefined) {
    if (Buffer.from(md5, 'base64').length !== 16) throw s3Errors.invalidDigest(md5);
    if (createHash('md5').update(body).digest('base64') !== md5) throw s3Errors.badDigest('Content-MD5');
  }
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const given = headers[`x-amz-checksum-${algorithm}`];
    if (given === undefined) continue;
    if (checksum(algorithm, body) !== given) throw s3Errors.badDigest(algorithm.toUpperCase());
    return { algorithm, value: given };
  }
  const wanted = CHECKSUM_ALGORITHMS.find(
    (algorithm) => headers['x-amz-sdk-checksum-algorithm']?.toLowerCase() === algorithm,
  );
  return wanted === undefined ? undefined : { algorithm: wanted, value: checksum(wanted, body) };
}
