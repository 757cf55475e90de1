import { unlessMissing } from '../aws/found.ts';
import { persist } from '../aws/persist.ts';
import { serverDate } from '../aws/server-date.ts';
import type { Session } from '../aws/session.ts';
import { Failure } from '../text/failure.ts';

/** A JSON document in an environment's bucket, as it was read. */
export interface Stored<T> {
  readonly value: T;
  readonly text: string;
  readonly etag: string;
  /** When S3 wrote it, and S3's own time when it answered: ms since the epoch. */
  readonly lastModified: number;
  readonly serverTime: number;
}

/** Where an environment's documents are. */
export interface DocumentStore {
  readonly session: Session;
  readonly bucket: string;
}

/** The newest form of documents that this version knows. */
const SCHEMA = 1;

/**
 * Reads a JSON document; undefined when there is none. Failure 'invalid-input' when it is not JSON, 'refused' when a newer
 * version of the console has written it in a form of its own.
 */
export async function readDocument<T>(
  { session, bucket }: DocumentStore,
  key: string,
  signal: AbortSignal,
): Promise<Stored<T> | undefined> {
  const answer = await unlessMissing(session.s3.getObject({ Bucket: bucket, Key: key }, { signal }));
  if (answer === undefined) return undefined;
  const text = (await answer.Body?.transformToString()) ?? '';
  return {
    value: parse<T>(text, `s3://${bucket}/${key}`),
    text,
    etag: answer.ETag ?? '',
    lastModified: answer.LastModified?.getTime() ?? 0,
    serverTime: serverDate(answer) ?? session.clock.now(),
  };
}

/**
 * Writes a JSON document only over the version `etag`, or only where there is none when `etag` is undefined
 * (S3 conditional writes). The new etag; undefined when somebody else wrote first. A write whose answer was lost is
 * recognised by its content when it is tried again.
 */
export async function writeDocument(
  store: DocumentStore,
  key: string,
  value: object,
  etag: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { session, bucket } = store;
  const condition = etag === undefined ? { IfNoneMatch: '*' } : { IfMatch: etag };
  const body = `${JSON.stringify(value, null, 2)}\n`;
  return persist(session.clock, signal, async () => {
    try {
      const answer = await session.s3.putObject(
        { Bucket: bucket, Key: key, Body: body, ContentType: 'application/json', ...condition },
        { signal },
      );
      return answer.ETag ?? '';
    } catch (error) {
      if (!(error instanceof Failure) || !CONFLICTS.has(error.code ?? '')) throw error;
      const found = await readDocument<unknown>(store, key, signal);
      return found?.text === body ? found.etag : undefined;
    }
  });
}

/** What S3 answers to a conditional write that came second, or whose object is gone. */
const CONFLICTS = new Set(['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey']);

function parse<T>(text: string, place: string): T {
  const value = json(text, place) as T;
  const schema = (value as { readonly schema?: unknown } | null)?.schema;
  if (typeof schema === 'number' && schema > SCHEMA) {
    throw new Failure('refused', `${place} was written by a newer mwaa-console.`, {
      advice: 'Nothing was changed. Update this one, then try again.',
      resource: place,
    });
  }
  return value;
}

function json(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Failure('invalid-input', `${place} is not JSON: somebody else wrote it.`, {
      advice: 'Look at the object and its versions; an earlier version of it can be restored.',
      resource: place,
      cause,
    });
  }
}
