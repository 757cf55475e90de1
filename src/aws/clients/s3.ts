import {
  DeleteObjectCommand,
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';

export const Client = S3Client;
export const commands = {
  DeleteObject: DeleteObjectCommand,
  GetBucketEncryption: GetBucketEncryptionCommand,
  GetBucketLocation: GetBucketLocationCommand,
  GetBucketVersioning: GetBucketVersioningCommand,
  GetObject: GetObjectCommand,
  HeadBucket: HeadBucketCommand,
  HeadObject: HeadObjectCommand,
  ListObjectVersions: ListObjectVersionsCommand,
  ListObjectsV2: ListObjectsV2Command,
  PutObject: PutObjectCommand,
};
