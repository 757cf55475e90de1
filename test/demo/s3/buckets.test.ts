import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { clientOptions, NOON, regionOfFile, send, signed } from '../core/bench.ts';

const bench = regionOfFile();
const client = () => new S3Client(clientOptions(bench.running));
const Bucket = 'mwaa-data-prod-123456789012';

describe('the buckets', () => {
  it('are there for each environment, private and versioned', async () => {
    const { Buckets } = await client().send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toEqual(
      ['analytics', 'data-prod', 'legacy', 'sandbox'].map((name) => `mwaa-${name}-123456789012`),
    );
    await client().send(new HeadBucketCommand({ Bucket }));
    expect(await client().send(new GetBucketLocationCommand({ Bucket }))).toMatchObject({
      LocationConstraint: 'eu-west-1',
    });
    expect(await client().send(new GetBucketVersioningCommand({ Bucket }))).toMatchObject({ Status: 'Enabled' });
    expect(await client().send(new GetPublicAccessBlockCommand({ Bucket }))).toMatchObject({
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    });
    expect(await client().send(new GetBucketEncryptionCommand({ Bucket }))).toMatchObject({
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    });
  });

  it('hold the DAGs and the records of the ingestions', async () => {
    const { Contents } = await client().send(new ListObjectsV2Command({ Bucket, Prefix: 'mwaa-console/' }));
    const names = ['kafka_metadata', 'looker_metadata', 'postgres_usage', 'snowflake_metadata'];
    expect(Contents?.map(({ Key }) => Key)).toEqual([
      ...names.map(() => expect.stringMatching(/^mwaa-console\/data-prod\/deployments\/\d{8}T\d{6}-\w{4}\.json$/)),
      ...names.map((name) => `mwaa-console/data-prod/ingestions/${name}.json`),
    ]);
    const Key = 'mwaa-console/data-prod/ingestions/snowflake_metadata.json';
    const { Body } = await client().send(new GetObjectCommand({ Bucket, Key }));
    const record = JSON.parse((await Body?.transformToString()) ?? '');
    expect(record).toMatchObject({ schema: 1, mode: 'ecs', dagKey: 'dags/snowflake_metadata.py' });
    expect(Date.parse(record.deployedAt)).toBeLessThan(NOON);
    const dag = await client().send(
      new GetObjectCommand({ Bucket, Key: record.dagKey, VersionId: record.dagVersionId }),
    );
    expect(await dag.Body?.transformToString()).toContain(record.taskDefinitionArn);
  });

  it('list by pages and by folders', async () => {
    for (const name of ['x/1', 'x/2', 'x/y/3', 'x/y/4', 'x/z/5', 'x/ä+ 6']) {
      await client().send(new PutObjectCommand({ Bucket, Key: name, Body: 'x' }));
    }
    const keys: (string | undefined)[] = [];
    const prefixes: (string | undefined)[] = [];
    let pages = 0;
    const input = { Bucket, Prefix: 'x/', Delimiter: '/', EncodingType: 'url' } as const;
    for await (const page of paginateListObjectsV2({ client: client(), pageSize: 2 }, input)) {
      pages++;
      keys.push(...(page.Contents ?? []).map(({ Key }) => Key));
      prefixes.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix));
    }
    expect(pages).toBe(3);
    expect(keys).toEqual(['x/1', 'x/2', 'x/%C3%A4%2B+6']);
    expect(prefixes).toEqual(['x/y/', 'x/z/']);
    const token = new ListObjectsV2Command({ Bucket, ContinuationToken: 'nonsense' });
    await expect(client().send(token)).rejects.toMatchObject({ name: 'InvalidArgument' });
  });

  it('page through versions', async () => {
    for (const Body of ['1', '2', '3']) await client().send(new PutObjectCommand({ Bucket, Key: 'v/a', Body }));
    await client().send(new PutObjectCommand({ Bucket, Key: 'v/b', Body: '4' }));
    const first = await client().send(new ListObjectVersionsCommand({ Bucket, Prefix: 'v/', MaxKeys: 2 }));
    expect(first).toMatchObject({ IsTruncated: true, NextKeyMarker: 'v/a', MaxKeys: 2 });
    const next = await client().send(
      new ListObjectVersionsCommand({
        Bucket,
        Prefix: 'v/',
        KeyMarker: first.NextKeyMarker,
        VersionIdMarker: first.NextVersionIdMarker,
      }),
    );
    const all = [...(first.Versions ?? []), ...(next.Versions ?? [])];
    expect(all.map(({ Key, IsLatest }) => [Key, IsLatest])).toEqual([
      ['v/a', true],
      ['v/a', false],
      ['v/a', false],
      ['v/b', true],
    ]);
  });

  it('can be made without versions, and go only when empty', async () => {
    const own = { Bucket: 'my-own-bucket' };
    await client().send(new CreateBucketCommand(own));
    await expect(client().send(new CreateBucketCommand(own))).rejects.toMatchObject({
      name: 'BucketAlreadyOwnedByYou',
    });
    expect((await client().send(new GetBucketVersioningCommand(own))).Status).toBeUndefined();
    const stored = await client().send(new PutObjectCommand({ ...own, Key: 'a', Body: 'a' }));
    expect(stored.VersionId).toBeUndefined();
    await expect(client().send(new DeleteBucketCommand(own))).rejects.toMatchObject({ name: 'BucketNotEmpty' });
    const none = new ListObjectsV2Command({ Bucket: 'no-such-bucket' });
    await expect(client().send(none)).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });

  it('take uploads in parts', async () => {
    const target = { Bucket, Key: 'big.bin' };
    const { UploadId } = await client().send(new CreateMultipartUploadCommand(target));
    const bodies = [Buffer.alloc(5 * 1024 * 1024, 'a'), Buffer.from('end')];
    const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
    for (const [index, Body] of bodies.entries()) {
      const PartNumber = index + 1;
      const { ETag } = await client().send(new UploadPartCommand({ ...target, UploadId, PartNumber, Body }));
      Parts.push({ PartNumber, ETag });
    }
    const complete = (parts: typeof Parts) =>
      client().send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts: parts } }));
    await expect(complete(Parts.toReversed())).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    expect(await complete(Parts)).toMatchObject({ ETag: expect.stringMatching(/-2"$/) });
    const { ContentLength } = await client().send(new GetObjectCommand({ ...target, Range: 'bytes=5242880-' }));
    expect(ContentLength).toBe(3);
    await expect(client().send(new AbortMultipartUploadCommand({ ...target, UploadId }))).rejects.toMatchObject({
      name: 'NoSuchUpload',
    });
  });

  it('tell the time by the clock of the region', async () => {
    bench.clock.move(90_000);
    await client().send(new PutObjectCommand({ Bucket, Key: 'now', Body: 'x' }));
    const answer = await send(bench.running, `/${Bucket}/now`, { headers: { authorization: signed('s3') } });
    const now = new Date(NOON + 90_000).toUTCString();
    expect(answer.headers).toMatchObject({ date: now, 'last-modified': now });
  });

  it('refuse what they do not know', async () => {
    const headers = { authorization: signed('s3') };
    expect(await send(bench.running, `/${Bucket}?policy`, { headers })).toMatchObject({
      status: 501,
      body: expect.stringContaining('<Code>NotImplemented</Code>'),
    });
    expect(await send(bench.running, `/${Bucket}/%E0%A4%A`, { headers })).toMatchObject({ status: 400 });
    expect((await send(bench.running, `/${Bucket}`, { method: 'HEAD' })).status).toBe(403);
  });
});
