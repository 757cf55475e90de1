import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { clientOptions, NOON, regionOfFile, send, signed } from '../core/bench.ts';

const bench = regionOfFile();
const Bucket = 'mwaa-sandbox-123456789012';
const client = (key = 'test') => new S3Client(clientOptions(bench.running, key));
const put = (Key: string, Body: string, more: object = {}) =>
  client().send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const text = async (Key: string, more: object = {}) => {
  const { Body } = await client().send(new GetObjectCommand({ Bucket, Key, ...more }));
  return Body?.transformToString();
};

describe('an object', () => {
  it('comes back as it was put, with its type, metadata, version and checksum', async () => {
    const written = await put('a/été & <b>.txt', 'héllo', { ContentType: 'text/plain', Metadata: { owner: 'x' } });
    expect(written).toMatchObject({ ETag: expect.stringMatching(/^"[0-9a-f]{32}"$/), ChecksumType: 'FULL_OBJECT' });
    const head = await client().send(new HeadObjectCommand({ Bucket, Key: 'a/été & <b>.txt' }));
    expect(head).toMatchObject({
      ContentLength: 6,
      ContentType: 'text/plain',
      Metadata: { owner: 'x' },
      VersionId: written.VersionId,
      ETag: written.ETag,
      LastModified: new Date(NOON),
    });
    expect(await text('a/été & <b>.txt', { ChecksumMode: 'ENABLED' })).toBe('héllo');
  });

  it('is checked against every checksum that the SDK can send', async () => {
    for (const ChecksumAlgorithm of ['CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const) {
      await put('sum', `by ${ChecksumAlgorithm}`, { ChecksumAlgorithm });
      expect(await text('sum', { ChecksumMode: 'ENABLED' })).toBe(`by ${ChecksumAlgorithm}`);
    }
    await expect(put('sum', 'body', { ChecksumCRC32: 'AAAAAA==' })).rejects.toMatchObject({ name: 'BadDigest' });
    await expect(put('sum', 'body', { ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' })).rejects.toMatchObject({
      name: 'BadDigest',
    });
    await expect(put('sum', 'body', { ContentMD5: 'AAAA' })).rejects.toMatchObject({ name: 'InvalidDigest' });
  });

  it("takes CRC64NVME, the aws client's default, by its known value", async () => {
    // The check value of CRC-64/NVME is AE8B14860A799888 for "123456789".
    const headers = { authorization: signed('s3'), 'x-amz-checksum-crc64nvme': 'rosUhgp5mIg=' };
    const path = `/${Bucket}/crc64`;
    expect(await send(bench.running, path, { method: 'PUT', headers, body: '123456789' })).toMatchObject({
      status: 200,
    });
    expect(await send(bench.running, path, { method: 'PUT', headers, body: '12345678' })).toMatchObject({
      status: 400,
    });
  });

  it('is read in part, and not at all when nothing has changed', async () => {
    const { ETag } = await put('range', '0123456789');
    expect(await text('range', { Range: 'bytes=2-4' })).toBe('234');
    expect(await text('range', { Range: 'bytes=-3' })).toBe('789');
    await expect(text('range', { Range: 'bytes=10-' })).rejects.toMatchObject({ name: 'InvalidRange' });
    await expect(text('range', { IfNoneMatch: ETag })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    await expect(text('range', { IfMatch: '"other"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(text('range', { IfModifiedSince: new Date(NOON) })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
  });

  it('keeps its versions through deletion', async () => {
    const first = await put('kept', 'one');
    bench.clock.move(5_000);
    await put('kept', 'two');
    const marker = await client().send(new DeleteObjectCommand({ Bucket, Key: 'kept' }));
    expect(marker).toMatchObject({ DeleteMarker: true });
    await expect(text('kept')).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect(await text('kept', { VersionId: first.VersionId })).toBe('one');
    await expect(text('kept', { VersionId: marker.VersionId })).rejects.toMatchObject({ name: 'MethodNotAllowed' });
    await expect(text('kept', { VersionId: 'nonsense' })).rejects.toMatchObject({ name: 'InvalidArgument' });
    const { Versions, DeleteMarkers } = await client().send(new ListObjectVersionsCommand({ Bucket, Prefix: 'kept' }));
    expect(Versions?.map(({ IsLatest, Size }) => [IsLatest, Size])).toEqual([
      [false, 3],
      [false, 3],
    ]);
    expect(DeleteMarkers).toMatchObject([{ IsLatest: true, VersionId: marker.VersionId }]);
    await client().send(new DeleteObjectCommand({ Bucket, Key: 'kept', VersionId: marker.VersionId }));
    expect(await text('kept')).toBe('two');
  });

  it('is deleted with others, each answering for itself, and copied', async () => {
    await put('many/1', 'a');
    await put('many/2', 'b');
    await client().send(new CopyObjectCommand({ Bucket, Key: 'many/3', CopySource: `${Bucket}/many/1` }));
    expect(await text('many/3')).toBe('a');
    const Objects = [{ Key: 'many/1' }, { Key: 'many/2', ETag: '"wrong"' }];
    const answer = await client().send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(answer.Deleted).toMatchObject([{ Key: 'many/1', DeleteMarker: true }]);
    expect(answer.Errors).toMatchObject([{ Key: 'many/2', Code: 'PreconditionFailed' }]);
  });

  it('is refused to those who may not', async () => {
    const command = new PutObjectCommand({ Bucket, Key: 'no', Body: 'x' });
    await expect(client('AKIADEMOREADONLY0000').send(command)).rejects.toMatchObject({ name: 'AccessDenied' });
    const read = new GetObjectCommand({ Bucket, Key: 'not there' });
    await expect(client('AKIADEMOREADONLY0000').send(read)).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(client('AKIADEMONOACCESS0000').send(read)).rejects.toMatchObject({ name: 'AccessDenied' });
    const head = new HeadObjectCommand({ Bucket, Key: 'not there' });
    await expect(client().send(head)).rejects.toMatchObject({ name: 'NotFound' });
  });
});

describe('a conditional write', () => {
  it('makes an object once, whoever comes first', async () => {
    const attempts = [1, 2, 3].map((each) => put('lock', `holder ${each}`, { IfNoneMatch: '*' }));
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ name: 'PreconditionFailed' });
    }
  });

  it('replaces only what it has seen', async () => {
    const { ETag } = await put('seen', 'one');
    const { ETag: second } = await put('seen', 'two', { IfMatch: ETag });
    await expect(put('seen', 'three', { IfMatch: ETag })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await client().send(new DeleteObjectCommand({ Bucket, Key: 'seen', IfMatch: second }));
    await expect(put('seen', 'four', { IfMatch: second })).rejects.toMatchObject({ name: 'NoSuchKey' });
    await put('seen', 'five', { IfNoneMatch: '*' });
    await expect(put('seen', 'six', { IfNoneMatch: second })).rejects.toMatchObject({ name: 'NotImplemented' });
  });

  it('conflicts with a deletion that passes it', async () => {
    const { region } = bench.running;
    const bucket = region.s3.bucket(Bucket);
    if (bucket === undefined) throw new Error('no bucket');
    const { ETag } = await put('race', 'one');
    let raced = false;
    const stop = region.s3.onChange((_, key) => {
      raced ||= key === 'race';
    });
    const deletion = new Promise<void>((resolve) => {
      // Runs between the precondition's check and the write, which gives way for one turn.
      const current = bucket.current.bind(bucket);
      bucket.current = (key) => {
        bucket.current = current;
        process.nextTick(() => {
          region.s3.erase(bucket, 'race');
          resolve();
        });
        return current(key);
      };
    });
    await expect(put('race', 'two', { IfMatch: ETag })).rejects.toMatchObject({ name: 'ConditionalRequestConflict' });
    await deletion;
    stop();
    expect(raced).toBe(true);
  });
});
