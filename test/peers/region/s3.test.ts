import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { regionOfFile } from './bench.ts';

const bench = regionOfFile();

const BUCKET = 'mwaa-data-prod-123456789012';
const nobody = () => bench.aws.as('AKIADEMONOACCESS0000');

/** `aws s3 …`, which has no JSON: what it printed. */
async function s3(...args: string[]): Promise<string> {
  const { code, stdout, stderr, answers } = await bench.aws.run('s3', ...args);
  expect(code, stderr).toBe(0);
  expect(answers.length).toBeGreaterThan(0);
  return stdout;
}

describe('s3 cp and s3 ls', () => {
  test('copies up, down and across, and lists', async () => {
    await s3('cp', bench.aws.file('hello.txt', 'hello'), `s3://${BUCKET}/copied/hello.txt`);
    await s3('cp', `s3://${BUCKET}/copied/hello.txt`, `s3://${BUCKET}/copied/again.txt`);
    expect(await s3('cp', `s3://${BUCKET}/copied/again.txt`, '-')).toBe('hello');
    const list = await s3('ls', `s3://${BUCKET}/copied/`);
    expect(list.trim().split('\n')).toEqual([
      expect.stringMatching(/ 5 again\.txt$/),
      expect.stringMatching(/ 5 hello\.txt$/),
    ]);
    expect(await s3('ls')).toContain(BUCKET);
    expect(await s3('ls', `s3://${BUCKET}/`)).toContain('PRE dags/');
  });

  test('lists by pages', async () => {
    for (let index = 0; index < 25; index += 1) bench.region.region.s3.put(BUCKET, `many/${index}`, 'x');
    const list = await bench.aws.run('s3', 'ls', `s3://${BUCKET}/many/`, '--recursive', '--page-size', '10');
    expect(list.stdout.trim().split('\n')).toHaveLength(25);
    expect(list.answers).toHaveLength(3);
  });

  test('copies a file of several parts', async () => {
    const content = Buffer.alloc(9 * 1024 * 1024, 'abcdefg\n');
    await s3('cp', bench.aws.file('large.zip', content), `s3://${BUCKET}/parts/large.zip`);
    const copy = bench.aws.file('copy.zip', '');
    await s3('cp', `s3://${BUCKET}/parts/large.zip`, copy);
    expect(readFileSync(copy).equals(content)).toBe(true);
  });

  test('refuses', async () => {
    expect(await bench.aws.refusal('s3', 'ls', 's3://no-such-bucket-here/')).toContain('NoSuchBucket');
    expect(await bench.aws.refusal('s3', 'cp', `s3://${BUCKET}/none`, '-')).toContain('404');
    const file = bench.aws.file('denied.txt', 'x');
    expect(await nobody().refusal('s3', 'cp', file, `s3://${BUCKET}/denied.txt`)).toContain('AccessDenied');
    expect(await nobody().refusal('s3', 'ls', `s3://${BUCKET}/`)).toContain('AccessDenied');
  });
});

describe('s3api', () => {
  const put = (key: string, content: string, ...more: string[]) => [
    ...['s3api', 'put-object', '--bucket', BUCKET, '--key', key],
    ...['--body', bench.aws.file(`body-${content}`, content), ...more],
  ];

  test('list-object-versions, by pages too', async () => {
    const versions: unknown[] = [];
    for (const content of ['one', 'two', 'three']) {
      versions.unshift((await bench.aws.json<{ VersionId: string }>(...put('versions/a.txt', content))).VersionId);
    }
    await bench.aws.json('s3api', 'delete-object', '--bucket', BUCKET, '--key', 'versions/a.txt');
    const list = ['s3api', 'list-object-versions', '--bucket', BUCKET, '--prefix', 'versions/'];
    interface Listed {
      Versions: { VersionId: string; IsLatest: boolean }[];
      DeleteMarkers: { IsLatest: boolean }[];
    }
    const all = await bench.aws.json<Listed>(...list);
    expect(all.Versions.map(({ VersionId }) => VersionId)).toEqual(versions);
    expect(all.DeleteMarkers).toEqual([expect.objectContaining({ IsLatest: true })]);
    const paged = await bench.aws.paged<Listed>(...list, '--page-size', '1');
    expect([paged.answer.Versions, paged.answer.DeleteMarkers]).toEqual([all.Versions, all.DeleteMarkers]);
    expect(paged.requests).toBe(4);
    const first = await bench.aws.json<{ VersionId: string }>(
      ...['s3api', 'get-object', '--bucket', BUCKET, '--key', 'versions/a.txt', '--version-id', String(versions[2])],
      bench.aws.file('first.txt', ''),
    );
    expect(first.VersionId).toBe(versions[2]);
    expect(await bench.aws.refusal('s3api', 'list-object-versions', '--bucket', 'no-such-bucket-here')).toContain(
      'NoSuchBucket',
    );
    expect(await nobody().refusal(...list)).toContain('AccessDenied');
  });

  test('put-object --if-none-match and --if-match', async () => {
    const { ETag } = await bench.aws.json<{ ETag: string }>(...put('once.txt', 'first', '--if-none-match', '*'));
    expect(await bench.aws.refusal(...put('once.txt', 'second', '--if-none-match', '*'))).toContain(
      'PreconditionFailed',
    );
    await bench.aws.json(...put('once.txt', 'third', '--if-match', ETag));
    expect(await bench.aws.refusal(...put('once.txt', 'fourth', '--if-match', ETag))).toContain('PreconditionFailed');
    expect(await bench.aws.refusal(...put('absent.txt', 'fifth', '--if-match', ETag))).toContain('NoSuchKey');
  });

  test('head-object and get-object', async () => {
    const { VersionId } = await bench.aws.json<{ VersionId: string }>(
      ...put('read.txt', 'read', '--content-type', 'text/x-python', '--metadata', 'made-by=me'),
    );
    const object = ['--bucket', BUCKET, '--key', 'read.txt'];
    expect(await bench.aws.json('s3api', 'head-object', ...object)).toMatchObject({
      ContentLength: 4,
      ContentType: 'text/x-python',
      Metadata: { 'made-by': 'me' },
      VersionId,
    });
    expect(await bench.aws.refusal('s3api', 'head-object', '--bucket', BUCKET, '--key', 'none')).toContain('404');
    expect(await bench.aws.refusal('s3api', 'get-object', '--bucket', BUCKET, '--key', 'none', '/dev/null')).toContain(
      'NoSuchKey',
    );
  });

  test("a bucket's settings", async () => {
    expect(await bench.aws.json('s3api', 'get-bucket-versioning', '--bucket', BUCKET)).toEqual({ Status: 'Enabled' });
    expect(await bench.aws.json('s3api', 'get-bucket-location', '--bucket', BUCKET)).toEqual({
      LocationConstraint: 'eu-west-1',
    });
    expect(await bench.aws.json('s3api', 'get-public-access-block', '--bucket', BUCKET)).toMatchObject({
      PublicAccessBlockConfiguration: { BlockPublicAcls: true },
    });
  });
});
