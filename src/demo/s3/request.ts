import type { Call } from '../service.ts';
import type { WireRequest } from '../wire.ts';
import { s3Errors } from './errors.ts';
import type { S3Service } from './service.ts';
import type { Bucket } from './store.ts';

/** One S3 operation being answered. */
export interface S3Request {
  readonly s3: S3Service;
  readonly http: WireRequest;
  readonly call: Call;
  readonly bucketName: string;
  /** Decoded; empty for an operation on a bucket. */
  readonly key: string;
}

/** The bucket of a request; `NoSuchBucket` when there is none, `AccessDenied` when another account was expected to own it. */
export function requestedBucket(request: S3Request): Bucket {
  const bucket = request.s3.bucket(request.bucketName);
  if (bucket === undefined) throw s3Errors.noSuchBucket(request.bucketName);
  const owner = request.http.headers['x-amz-expected-bucket-owner'];
  if (owner !== undefined && owner !== request.call.region.account) throw s3Errors.accessDenied();
  return bucket;
}

/** Refuses unless the caller may do `action` on the bucket itself. */
export function authorizeBucket(request: S3Request, action: string, context: Record<string, string> = {}): void {
  request.call.authorize(`s3:${action}`, `arn:aws:s3:::${request.bucketName}`, context);
}

/** Refuses unless the caller may do `action` on an object. */
export function authorizeObject(request: S3Request, action: string, key: string = request.key): void {
  request.call.authorize(`s3:${action}`, `arn:aws:s3:::${request.bucketName}/${key}`);
}

/** An integer of the query between `least` and `most` (larger is cut to it, as S3 does). */
export function queryNumber(request: S3Request, name: string, fallback: number, most: number): number {
  const text = request.http.query.get(name);
  if (text === null || text === '') return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 2147483647) {
    throw s3Errors.invalidArgument(name, text, `Argument ${name} must be an integer between 0 and 2147483647`);
  }
  return Math.min(value, most);
}
