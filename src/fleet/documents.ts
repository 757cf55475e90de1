import { pages } from '../aws/pages.ts';
import type { Session } from '../aws/session.ts';
import { Failure } from '../text/failure.ts';
import { list } from './members.ts';
import { failureFrom } from './snapshots.ts';

/** A JSON document in an environment's bucket, as it was listed. */
export interface DocumentObject {
  readonly bucket: string;
  readonly key: string;
  readonly etag?: string | undefined;
}

/**
 * The documents directly in a folder of a bucket, by key; folders in it and their markers are none.
 * @param prefix the folder, with a slash at its end.
 * @param after only keys that sort after this one.
 * @throws Failure as the call failed; `not-found` where the environment has no bucket.
 */
export async function listDocuments(
  session: Session,
  bucket: string,
  prefix: string,
  signal: AbortSignal,
  after?: string,
): Promise<DocumentObject[]> {
  if (bucket === '') throw new Failure('not-found', 'AWS names no bucket for it.');
  const found: DocumentObject[] = [];
  const listed = pages(
    (ContinuationToken) =>
      session.s3.listObjectsV2(
        {
          Bucket: bucket,
          Prefix: prefix,
          ...(after !== undefined && { StartAfter: after }),
          ...(ContinuationToken && { ContinuationToken }),
        },
        { signal },
      ),
    (page) => (page.IsTruncated === true ? page.NextContinuationToken : undefined),
  );
  for await (const page of listed) {
    for (const { Key: key, ETag: etag } of list(page.Contents)) {
      if (key !== undefined && /^[^/]+\.json$/.test(key.slice(prefix.length))) found.push({ bucket, key, etag });
    }
  }
  return found;
}

// Documents that were read, by place: a refresh lists them all, but reads only those that have changed.
const known = new WeakMap<Session, Map<string, { readonly etag: string; readonly value: unknown }>>();

/**
 * Reads a document by `parse`, which gets its text and place; not again while its ETag is the one listed.
 * Undefined when there is none (or no longer). @throws Failure as the call or `parse` failed.
 */
export async function readDocument<T>(
  session: Session,
  document: DocumentObject,
  parse: (text: string, place: string) => T,
  signal: AbortSignal,
): Promise<T | undefined> {
  const { bucket, key, etag } = document;
  const place = `s3://${bucket}/${key}`;
  const documents = known.get(session) ?? new Map<string, { readonly etag: string; readonly value: unknown }>();
  known.set(session, documents);
  const kept = documents.get(place);
  // One place is always read by the same parser.
  if (kept !== undefined && kept.etag === etag) return kept.value as T;
  try {
    const object = await session.s3.getObject({ Bucket: bucket, Key: key }, { signal });
    const value = parse((await object.Body?.transformToString('utf-8')) ?? '', place);
    if (object.ETag !== undefined) documents.set(place, { etag: object.ETag, value });
    return value;
  } catch (error) {
    const failure = failureFrom(error, signal);
    if (failure.kind === 'not-found') return undefined;
    throw failure;
  }
}
