import { createHash } from 'node:crypto';
import type { WireAnswer } from '../wire.ts';
import { checkedPayload } from './conditions.ts';
import { s3Errors } from './errors.ts';
import { settleConditional, storedHeaders, xmlAnswer } from './objects.ts';
import { authorizeObject, requestedBucket, type S3Request } from './request.ts';
import { childText, element, readXml, xmlDocument, xmlTime } from './xml.ts';

/** An upload in parts that is not complete yet. */
export interface Upload {
  readonly bucket: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly parts: Map<number, { body: Buffer; etag: string; at: number }>;
}

/** All parts but the last have at least this many bytes. */
const SMALLEST_PART = 5 * 1024 * 1024;

function requestedUpload(request: S3Request): { id: string; upload: Upload } {
  const id = request.http.query.get('uploadId') ?? '';
  const upload = request.s3.uploads.get(id);
  if (upload === undefined || upload.bucket !== request.bucketName || upload.key !== request.key) {
    throw s3Errors.noSuchUpload(id);
  }
  return { id, upload };
}

/** CreateMultipartUpload. */
export function createMultipartUpload(request: S3Request): WireAnswer {
  const bucket = requestedBucket(request);
  authorizeObject(request, 'PutObject');
  const id = request.s3.newId(64);
  request.s3.uploads.set(id, {
    bucket: bucket.name,
    key: request.key,
    headers: storedHeaders(request.http.headers),
    parts: new Map(),
  });
  return xmlAnswer(
    xmlDocument('InitiateMultipartUploadResult', [
      element('Bucket', bucket.name),
      element('Key', request.key),
      element('UploadId', id),
    ]),
  );
}

/** UploadPart. */
export function uploadPart(request: S3Request): WireAnswer {
  requestedBucket(request);
  authorizeObject(request, 'PutObject');
  const { upload } = requestedUpload(request);
  const text = request.http.query.get('partNumber') ?? '';
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 10_000) {
    throw s3Errors.invalidArgument('partNumber', text, 'Part number must be an integer between 1 and 10000, inclusive');
  }
  const { body, headers } = request.http;
  const sum = checkedPayload(headers, body);
  const etag = createHash('md5').update(body).digest('hex');
  upload.parts.set(number, { body, etag, at: request.call.region.clock.now() });
  return {
    status: 200,
    headers: { etag: `"${etag}"`, ...(sum === undefined ? {} : { [`x-amz-checksum-${sum.algorithm}`]: sum.value }) },
  };
}

/** ListParts. */
export function listParts(request: S3Request): WireAnswer {
  requestedBucket(request);
  authorizeObject(request, 'ListMultipartUploadParts');
  const { id, upload } = requestedUpload(request);
  const parts = [...upload.parts].sort(([left], [right]) => left - right);
  return xmlAnswer(
    xmlDocument('ListPartsResult', [
      element('Bucket', upload.bucket),
      element('Key', upload.key),
      element('UploadId', id),
      element('IsTruncated', false),
      ...parts.map(([number, part]) =>
        element('Part', [
          element('PartNumber', number),
          element('LastModified', xmlTime(part.at)),
          element('ETag', `"${part.etag}"`),
          element('Size', part.body.length),
        ]),
      ),
    ]),
  );
}

/** CompleteMultipartUpload, with conditional writes. */
export async function completeMultipartUpload(request: S3Request): Promise<WireAnswer> {
  const bucket = requestedBucket(request);
  authorizeObject(request, 'PutObject');
  const { id, upload } = requestedUpload(request);
  const root = readXml(request.http.body.toString('utf8'));
  const listed = root?.children.filter((child) => child.name === 'Part') ?? [];
  if (listed.length === 0) throw s3Errors.malformedXml();
  const numbers = listed.map((node) => Number(childText(node, 'PartNumber')));
  if (numbers.some((number, index) => number <= (numbers[index - 1] ?? 0))) throw s3Errors.invalidPartOrder(id);
  const parts = listed.map((node, index) => {
    const etag = childText(node, 'ETag')?.replaceAll('"', '');
    const part = upload.parts.get(numbers[index] ?? 0);
    if (part === undefined || part.etag !== etag) throw s3Errors.invalidPart(id);
    if (index < listed.length - 1 && part.body.length < SMALLEST_PART) throw s3Errors.entityTooSmall();
    return part;
  });
  await settleConditional(request, bucket, upload.key);
  const digests = Buffer.concat(parts.map((part) => Buffer.from(part.etag, 'hex')));
  const version = request.s3.store(bucket, upload.key, Buffer.concat(parts.map((part) => part.body)), {
    headers: upload.headers,
    etag: `${createHash('md5').update(digests).digest('hex')}-${parts.length}`,
  });
  request.s3.uploads.delete(id);
  return xmlAnswer(
    xmlDocument('CompleteMultipartUploadResult', [
      element('Location', `${request.call.region.url}/${bucket.name}/${encodeURIComponent(upload.key)}`),
      element('Bucket', bucket.name),
      element('Key', upload.key),
      element('ETag', `"${version.etag}"`),
    ]),
    bucket.versioning === undefined ? {} : { 'x-amz-version-id': version.versionId },
  );
}

/** AbortMultipartUpload. */
export function abortMultipartUpload(request: S3Request): WireAnswer {
  requestedBucket(request);
  authorizeObject(request, 'AbortMultipartUpload');
  const { id } = requestedUpload(request);
  request.s3.uploads.delete(id);
  return { status: 204 };
}
