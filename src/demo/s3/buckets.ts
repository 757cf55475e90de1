import type { WireAnswer } from '../wire.ts';
import { s3Errors } from './errors.ts';
import { CANONICAL_OWNER } from './listing.ts';
import { xmlAnswer } from './objects.ts';
import { authorizeBucket, requestedBucket, type S3Request } from './request.ts';
import { childText, element, readXml, xmlDocument, xmlTime } from './xml.ts';

/** ListBuckets. */
export function listBuckets(request: S3Request): WireAnswer {
  request.call.authorize('s3:ListAllMyBuckets', '*');
  const buckets = request.s3
    .buckets()
    .map((bucket) =>
      element('Bucket', [element('Name', bucket.name), element('CreationDate', xmlTime(bucket.createdAt))]),
    );
  return xmlAnswer(
    xmlDocument('ListAllMyBucketsResult', [
      element('Owner', [element('ID', CANONICAL_OWNER)]),
      element('Buckets', buckets),
    ]),
  );
}

/** HeadBucket. */
export function headBucket(request: S3Request): WireAnswer {
  requestedBucket(request);
  authorizeBucket(request, 'ListBucket');
  return { status: 200, headers: { 'x-amz-bucket-region': request.call.region.name } };
}

/** CreateBucket, in the region's own location. */
export function createBucket(request: S3Request): WireAnswer {
  authorizeBucket(request, 'CreateBucket');
  if (request.s3.bucket(request.bucketName) !== undefined) throw s3Errors.bucketOwned(request.bucketName);
  request.s3.createBucket(request.bucketName);
  return { status: 200, headers: { location: `/${request.bucketName}` } };
}

/** DeleteBucket; refused while any version is left. */
export function deleteBucket(request: S3Request): WireAnswer {
  const bucket = requestedBucket(request);
  authorizeBucket(request, 'DeleteBucket');
  if (bucket.keys().length > 0) throw s3Errors.bucketNotEmpty(bucket.name);
  request.s3.deleteBucket(bucket.name);
  return { status: 204 };
}

/** GetBucketLocation. */
export function getBucketLocation(request: S3Request): WireAnswer {
  requestedBucket(request);
  authorizeBucket(request, 'GetBucketLocation');
  return xmlAnswer(xmlDocument('LocationConstraint', request.call.region.name));
}

/** GetBucketVersioning; empty for a bucket that never had it. */
export function getBucketVersioning(request: S3Request): WireAnswer {
  const bucket = requestedBucket(request);
  authorizeBucket(request, 'GetBucketVersioning');
  return xmlAnswer(xmlDocument('VersioningConfiguration', [element('Status', bucket.versioning)]));
}

/** PutBucketVersioning. */
export function putBucketVersioning(request: S3Request): WireAnswer {
  const bucket = requestedBucket(request);
  authorizeBucket(request, 'PutBucketVersioning');
  const root = readXml(request.http.body.toString('utf8'));
  const status = root === undefined ? undefined : childText(root, 'Status');
  if (status !== 'Enabled' && status !== 'Suspended') throw s3Errors.malformedXml();
  bucket.versioning = status;
  return { status: 200 };
}

/** GetPublicAccessBlock. */
export function getPublicAccessBlock(request: S3Request): WireAnswer {
  const bucket = requestedBucket(request);
  authorizeBucket(request, 'GetBucketPublicAccessBlock');
  const blocked = bucket.publicAccessBlocked;
  return xmlAnswer(
    xmlDocument('PublicAccessBlockConfiguration', [
      element('BlockPublicAcls', blocked),
      element('IgnorePublicAcls', blocked),
      element('BlockPublicPolicy', blocked),
      element('RestrictPublicBuckets', blocked),
    ]),
  );
}

/** GetBucketEncryption: S3's own keys, as every bucket has since 2023. */
export function getBucketEncryption(request: S3Request): WireAnswer {
  requestedBucket(request);
  authorizeBucket(request, 'GetEncryptionConfiguration');
  return xmlAnswer(
    xmlDocument('ServerSideEncryptionConfiguration', [
      element('Rule', [
        element('ApplyServerSideEncryptionByDefault', [element('SSEAlgorithm', 'AES256')]),
        element('BucketKeyEnabled', false),
      ]),
    ]),
  );
}
