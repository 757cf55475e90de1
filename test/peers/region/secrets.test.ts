import { expect, test } from 'vitest';
import { regionOfFile } from './bench.ts';

const bench = regionOfFile();

const create = (name: string, ...more: string[]) => [
  ...['secretsmanager', 'create-secret', '--name', name, '--secret-string', 'one', ...more],
];
const get = (name: string, ...more: string[]) => ['secretsmanager', 'get-secret-value', '--secret-id', name, ...more];
const put = (name: string, value: string) => [
  ...['secretsmanager', 'put-secret-value', '--secret-id', name, '--secret-string', value],
];
const nobody = () => bench.aws.as('AKIADEMONOACCESS0000');

test('create-secret', async () => {
  const made = await bench.aws.json(...create('created', '--description', 'tried', '--tags', 'Key=team,Value=data'));
  expect(made).toEqual({
    ARN: expect.stringMatching(/^arn:aws:secretsmanager:eu-west-1:123456789012:secret:created-[A-Za-z0-9]{6}$/),
    Name: 'created',
    VersionId: expect.any(String),
  });
  expect(await bench.aws.json('secretsmanager', 'describe-secret', '--secret-id', 'created')).toMatchObject({
    Description: 'tried',
    Tags: [{ Key: 'team', Value: 'data' }],
    VersionIdsToStages: { [String(made.VersionId)]: ['AWSCURRENT'] },
  });
  expect(await bench.aws.refusal(...create('created'))).toContain('ResourceExistsException');
  expect(await bench.aws.refusal(...create('no spaces'))).toContain('ValidationException');
  expect(await nobody().refusal(...create('denied'))).toContain('AccessDeniedException');
});

test('put-secret-value and get-secret-value', async () => {
  await bench.aws.json(...create('changed'));
  expect(await bench.aws.json(...get('changed'))).toMatchObject({ Name: 'changed', SecretString: 'one' });
  expect(await bench.aws.json(...put('changed', 'two'))).toMatchObject({ VersionStages: ['AWSCURRENT'] });
  expect(await bench.aws.json(...get('changed'))).toMatchObject({ SecretString: 'two' });
  const previous = await bench.aws.json(...get('changed', '--version-stage', 'AWSPREVIOUS'));
  expect(previous).toMatchObject({ SecretString: 'one', VersionStages: ['AWSPREVIOUS'] });
  for (const call of [get('none'), get('changed', '--version-stage', 'NONE'), put('none', 'x')]) {
    expect(await bench.aws.refusal(...call)).toContain('ResourceNotFoundException');
  }
  for (const call of [get('changed'), put('changed', 'x')]) {
    expect(await nobody().refusal(...call)).toContain('AccessDeniedException');
  }
});

test('binary values', async () => {
  const file = bench.aws.file('binary', Buffer.from([0, 159, 146, 150]));
  await bench.aws.json('secretsmanager', 'create-secret', '--name', 'binary', '--secret-binary', `fileb://${file}`);
  expect(await bench.aws.json(...get('binary'))).toMatchObject({ SecretBinary: 'AJ+Slg==' });
});

test('list-secrets, by pages too', async () => {
  const { SecretList } = await bench.aws.json<{ SecretList: object[] }>('secretsmanager', 'list-secrets');
  expect(SecretList.length).toBeGreaterThan(3);
  const size = Math.ceil(SecretList.length / 2);
  const paged = await bench.aws.paged<{ SecretList: object[] }>(
    ...['secretsmanager', 'list-secrets', '--page-size', String(size)],
  );
  expect(paged.answer.SecretList).toEqual(SecretList);
  expect(paged.requests).toBe(2);
});
