import type { WireAnswer, WireRequest } from '../wire.ts';
import * as buckets from './buckets.ts';
import { s3Errors } from './errors.ts';
import { listObjects, listObjectVersions } from './listing.ts';
import * as multipart from './multipart.ts';
import { copyObject, deleteObject, deleteObjects, putObject, readObject } from './objects.ts';
import type { S3Request } from './request.ts';

/** An operation of S3: its name as AWS has it, and what answers it. */
export interface S3Operation {
  readonly name: string;
  readonly run: (request: S3Request) => WireAnswer | Promise<WireAnswer>;
}

const operation = (name: string, run: S3Operation['run']): S3Operation => ({ name, run });

/** Sub-resources of a bucket, by method and query parameter. */
const BUCKET: readonly (readonly [method: string, parameter: string, operation: S3Operation])[] = [
  ['GET', 'location', operation('GetBucketLocation', buckets.getBucketLocation)],
  ['GET', 'versioning', operation('GetBucketVersioning', buckets.getBucketVersioning)],
  ['PUT', 'versioning', operation('PutBucketVersioning', buckets.putBucketVersioning)],
  ['GET', 'publicAccessBlock', operation('GetPublicAccessBlock', buckets.getPublicAccessBlock)],
  ['GET', 'encryption', operation('GetBucketEncryption', buckets.getBucketEncryption)],
  ['GET', 'versions', operation('ListObjectVersions', listObjectVersions)],
  ['POST', 'delete', operation('DeleteObjects', deleteObjects)],
];

const BUCKET_BY_METHOD: Readonly<Record<string, S3Operation>> = {
  HEAD: operation('HeadBucket', buckets.headBucket),
  PUT: operation('CreateBucket', buckets.createBucket),
  DELETE: operation('DeleteBucket', buckets.deleteBucket),
};

/** Query parameters that change neither a bucket's nor an object's operation. */
const PLAIN = new Set([
  'list-type',
  'prefix',
  'delimiter',
  'max-keys',
  'marker',
  'continuation-token',
  'start-after',
  'fetch-owner',
  'encoding-type',
  'versionId',
  'x-id',
  'max-buckets',
  'bucket-region',
  'uploadId',
  'partNumber',
]);

function refuseUnknown(query: URLSearchParams): void {
  for (const name of query.keys()) {
    if (PLAIN.has(name) || name.startsWith('X-Amz-') || name.startsWith('response-')) continue;
    throw s3Errors.notImplemented(name);
  }
}

/** What a request on a bucket, or on the account's buckets, is. */
export function bucketOperation(request: WireRequest, bucket: string): S3Operation {
  const { method, query } = request;
  if (bucket === '') {
    if (method !== 'GET') throw s3Errors.methodNotAllowed(method, 'SERVICE');
    return operation('ListBuckets', buckets.listBuckets);
  }
  const found = BUCKET.find(([verb, parameter]) => verb === method && query.has(parameter));
  if (found !== undefined) return found[2];
  refuseUnknown(query);
  if (method === 'GET') return operation(query.get('list-type') === '2' ? 'ListObjectsV2' : 'ListObjects', listObjects);
  const plain = BUCKET_BY_METHOD[method];
  if (plain === undefined) throw s3Errors.methodNotAllowed(method, 'BUCKET');
  return plain;
}

/** What a request on an object is. */
export function objectOperation(request: WireRequest): S3Operation {
  const { method, query, headers } = request;
  if (method === 'POST' && query.has('uploads')) {
    return operation('CreateMultipartUpload', multipart.createMultipartUpload);
  }
  refuseUnknown(query);
  if (query.has('uploadId')) {
    switch (method) {
      case 'PUT':
        return operation('UploadPart', multipart.uploadPart);
      case 'POST':
        return operation('CompleteMultipartUpload', multipart.completeMultipartUpload);
      case 'DELETE':
        return operation('AbortMultipartUpload', multipart.abortMultipartUpload);
      default:
        return operation('ListParts', multipart.listParts);
    }
  }
  switch (method) {
    case 'GET':
      return operation('GetObject', readObject);
    case 'HEAD':
      return operation('HeadObject', readObject);
    case 'PUT':
      return headers['x-amz-copy-source'] === undefined
        ? operation('PutObject', putObject)
        : operation('CopyObject', copyObject);
    case 'DELETE':
      return operation('DeleteObject', deleteObject);
    default:
      throw s3Errors.methodNotAllowed(method, 'OBJECT');
  }
}
