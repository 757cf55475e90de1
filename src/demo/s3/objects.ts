import type { WireAnswer } from '../wire.ts';
import { checkDelete, checkedPayload, checkWrite, isConditional, notModified } from './conditions.ts';
import { s3Errors } from './errors.ts';
import { authorizeBucket, authorizeObject, requestedBucket, type S3Request } from './request.ts';
import type { Bucket, StoredVersion } from './store.ts';
import { childText, element, readXml, xmlDocument, xmlTime } from './xml.ts';

/** Headers of an upload that S3 stores and gives back. */
const STORED_HEADERS = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
];

/** What an upload says about the object. */
export function storedHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const stored: Record<string, string> = { 'content-type': 'binary/octet-stream' };
  for (const [name, value] of Object.entries(headers)) {
    if (!STORED_HEADERS.includes(name) && !name.startsWith('x-amz-meta-')) continue;
    const kept = name === 'content-encoding' ? withoutChunking(value) : value;
    if (kept !== '') stored[name] = kept;
  }
  return stored;
}

/** `aws-chunked` is the upload's coding, not the object's. */
function withoutChunking(encoding: string): string {
  return encoding
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== 'aws-chunked' && part !== '')
    .join(',');
}

function versionHeaders(bucket: Bucket, version: { versionId: string }): Record<string, string> {
  return bucket.versioning === undefined ? {} : { 'x-amz-version-id': version.versionId };
}

/** What a PUT answers about the version it stored. */
function storedAnswerHeaders(bucket: Bucket, version: StoredVersion): Record<string, string> {
  return {
    etag: `"${version.etag}"`,
    'x-amz-server-side-encryption': 'AES256',
    ...versionHeaders(bucket, version),
    ...(version.checksum === undefined
      ? {}
      : {
          [`x-amz-checksum-${version.checksum.algorithm}`]: version.checksum.value,
          'x-amz-checksum-type': 'FULL_OBJECT',
        }),
  };
}

/** The version that a read is about; S3's errors where there is none. */
function readVersion(request: S3Request, bucket: Bucket, key: string, versionId: string | null): StoredVersion {
  const version =
    versionId === null
      ? bucket.current(key)
      : bucket.versions(key).find((candidate) => candidate.versionId === versionId);
  if (version === undefined) {
    // Without the right to list, S3 doesn't tell whether the key exists.
    authorizeBucket(request, 'ListBucket');
    if (versionId === null) throw s3Errors.noSuchKey(key);
    if (versionId !== 'null' && !/^[\w.-]{20,}$/.test(versionId)) throw s3Errors.invalidVersion(versionId);
    throw s3Errors.noSuchVersion(key, versionId);
  }
  return version;
}

/** The slice that a Range header asks for; undefined for the whole, also when the header isn't a byte range. */
function slice(range: string | undefined, size: number): { start: number; end: number } | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(range ?? '');
  if (match === null || range === undefined) return undefined;
  const [, from = '', to = ''] = match;
  if (from === '' && to === '') return undefined;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (start >= size || start > end) throw s3Errors.invalidRange(range, size);
  return { start, end };
}

/** GetObject and HeadObject; the server leaves a HEAD's body off. */
export function readObject(request: S3Request): WireAnswer {
  const bucket = requestedBucket(request);
  const { headers, query } = request.http;
  const versionId = query.get('versionId');
  authorizeObject(request, versionId === null ? 'GetObject' : 'GetObjectVersion');
  const version = readVersion(request, bucket, request.key, versionId);
  if (version.deleteMarker) return deleteMarkerAnswer(request, bucket, version, versionId !== null);
  const common = {
    etag: `"${version.etag}"`,
    'last-modified': new Date(version.lastModified).toUTCString(),
    ...versionHeaders(bucket, version),
  };
  if (notModified(headers, version)) return { status: 304, headers: common };
  const part = slice(headers.range, version.body.length);
  const body = part === undefined ? version.body : version.body.subarray(part.start, part.end + 1);
  const answerHeaders: Record<string, string> = {
    ...version.headers,
    ...common,
    'accept-ranges': 'bytes',
    'x-amz-server-side-encryption': 'AES256',
    'content-length': String(body.length),
  };
  if (part !== undefined) answerHeaders['content-range'] = `bytes ${part.start}-${part.end}/${version.body.length}`;
  // A part has no checksum of its own.
  const checked = part === undefined && headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED';
  if (checked && version.checksum !== undefined) {
    answerHeaders[`x-amz-checksum-${version.checksum.algorithm}`] = version.checksum.value;
    answerHeaders['x-amz-checksum-type'] = 'FULL_OBJECT';
  }
  for (const name of ['content-type', 'content-disposition', 'content-encoding', 'cache-control']) {
    const override = query.get(`response-${name}`);
    if (override !== null) answerHeaders[name] = override;
  }
  return { status: part === undefined ? 200 : 206, headers: answerHeaders, body };
}

/** Reading a delete marker: 404 as the current version, 405 by its own id, both telling that it is one. */
function deleteMarkerAnswer(request: S3Request, bucket: Bucket, marker: StoredVersion, byId: boolean): WireAnswer {
  const error = byId ? s3Errors.methodNotAllowed(request.http.method, 'DeleteMarker') : s3Errors.noSuchKey(request.key);
  const headers = {
    'content-type': 'application/xml',
    'x-amz-delete-marker': 'true',
    ...versionHeaders(bucket, marker),
    ...(byId ? { allow: 'DELETE', 'last-modified': new Date(marker.lastModified).toUTCString() } : {}),
  };
  return { status: error.status, headers, body: request.s3.errorDocument(error, request.http) };
}

/** PutObject, with conditional writes. */
export async function putObject(request: S3Request): Promise<WireAnswer> {
  const bucket = requestedBucket(request);
  const { headers, body } = request.http;
  authorizeObject(request, 'PutObject');
  if (headers['x-amz-tagging'] !== undefined) authorizeObject(request, 'PutObjectTagging');
  const size = Buffer.byteLength(request.key);
  if (size > 1024) throw s3Errors.keyTooLong(size);
  const checksum = checkedPayload(headers, body);
  await settleConditional(request, bucket, request.key);
  const version = request.s3.store(bucket, request.key, body, { headers: storedHeaders(headers), checksum });
  return { status: 200, headers: storedAnswerHeaders(bucket, version) };
}

/**
 * Checks a conditional write, and gives a deletion that arrived meanwhile the time to be carried out: S3
 * answers such a write with 409, and the client has to look again and retry.
 */
export async function settleConditional(request: S3Request, bucket: Bucket, key: string): Promise<void> {
  const { headers } = request.http;
  if (!isConditional(headers)) return;
  checkWrite(headers, bucket, key);
  const deletions = bucket.deletions(key);
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
  if (bucket.deletions(key) !== deletions) {
    throw s3Errors.conflict(headers['if-match'] === undefined ? 'If-None-Match' : 'If-Match', key);
  }
  checkWrite(headers, bucket, key);
}

/** DeleteObject. */
export function deleteObject(request: S3Request): WireAnswer {
  const bucket = requestedBucket(request);
  const versionId = request.http.query.get('versionId') ?? undefined;
  authorizeObject(request, versionId === undefined ? 'DeleteObject' : 'DeleteObjectVersion');
  checkDelete(request.http.headers['if-match'], bucket, request.key);
  const outcome = request.s3.erase(bucket, request.key, versionId);
  return {
    status: 204,
    headers: {
      ...(outcome.versionId === undefined ? {} : { 'x-amz-version-id': outcome.versionId }),
      ...(outcome.deleteMarker ? { 'x-amz-delete-marker': 'true' } : {}),
    },
  };
}

/** DeleteObjects: each key answers for itself. */
export function deleteObjects(request: S3Request): WireAnswer {
  const bucket = requestedBucket(request);
  checkedPayload(request.http.headers, request.http.body);
  const root = readXml(request.http.body.toString('utf8'));
  const objects = root?.children.filter((child) => child.name === 'Object') ?? [];
  if (root?.name !== 'Delete' || objects.length === 0 || objects.length > 1000) throw s3Errors.malformedXml();
  const quiet = childText(root, 'Quiet') === 'true';
  const results = objects.flatMap((object) => {
    const key = childText(object, 'Key') ?? '';
    const versionId = childText(object, 'VersionId');
    const described = [element('Key', key), element('VersionId', versionId)];
    try {
      authorizeObject(request, versionId === undefined ? 'DeleteObject' : 'DeleteObjectVersion', key);
      checkDelete(childText(object, 'ETag'), bucket, key);
      const outcome = request.s3.erase(bucket, key, versionId);
      if (quiet) return [];
      const marker = outcome.deleteMarker
        ? [element('DeleteMarker', true), element('DeleteMarkerVersionId', outcome.versionId)]
        : [];
      return [element('Deleted', [...described, ...marker])];
    } catch (error) {
      const { code, message } = request.s3.failureOf(error);
      return [element('Error', [...described, element('Code', code), element('Message', message)])];
    }
  });
  return xmlAnswer(xmlDocument('DeleteResult', results));
}

/** CopyObject within the region. */
export async function copyObject(request: S3Request): Promise<WireAnswer> {
  const target = requestedBucket(request);
  const { headers } = request.http;
  const source = decodeURIComponent(headers['x-amz-copy-source'] ?? '').replace(/^\//, '');
  const [path = '', versionQuery] = source.split('?versionId=');
  const slash = path.indexOf('/');
  if (slash <= 0) {
    throw s3Errors.invalidArgument(
      'x-amz-copy-source',
      source,
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
    );
  }
  const from: S3Request = { ...request, bucketName: path.slice(0, slash), key: path.slice(slash + 1) };
  const bucket = requestedBucket(from);
  authorizeObject(from, versionQuery === undefined ? 'GetObject' : 'GetObjectVersion');
  authorizeObject(request, 'PutObject');
  const version = readVersion(from, bucket, from.key, versionQuery ?? null);
  if (version.deleteMarker) throw s3Errors.noSuchKey(from.key);
  const replace = headers['x-amz-metadata-directive'] === 'REPLACE';
  if (!replace && bucket === target && from.key === request.key && versionQuery === undefined) {
    throw s3Errors.copyOntoItself();
  }
  await settleConditional(request, target, request.key);
  const stored = request.s3.store(target, request.key, version.body, {
    headers: replace ? storedHeaders(headers) : version.headers,
    checksum: version.checksum,
  });
  return xmlAnswer(
    xmlDocument('CopyObjectResult', [
      element('LastModified', xmlTime(stored.lastModified)),
      element('ETag', `"${stored.etag}"`),
    ]),
    {
      ...versionHeaders(target, stored),
      ...(bucket.versioning === undefined ? {} : { 'x-amz-copy-source-version-id': version.versionId }),
    },
  );
}

/** An XML document answered with 200. */
export function xmlAnswer(document: string, headers: Readonly<Record<string, string>> = {}): WireAnswer {
  return { status: 200, headers: { 'content-type': 'application/xml', ...headers }, body: document };
}
