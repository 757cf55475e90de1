import { expect, test } from 'vitest';
import { asCommandLine, kebab } from '../../src/aws/command-line.ts';
import { withoutSecrets } from '../../src/aws/withheld.ts';

/** The command line of a call as the session records it. */
function line(service: string, operation: string, input: object): string {
  return asCommandLine({ at: 0, service, operation, input: withoutSecrets(input) });
}

test.each([
  ['logGroupName', 'log-group-name'],
  ['VpcEndpointIds', 'vpc-endpoint-ids'],
  ['MaxResults', 'max-results'],
  ['IfNoneMatch', 'if-none-match'],
  ['ListObjectsV2', 'list-objects-v2'],
  ['GetCallerIdentity', 'get-caller-identity'],
  ['PluginsS3ObjectVersion', 'plugins-s3-object-version'],
  ['KmsKeyId', 'kms-key-id'],
  ['startedBy', 'started-by'],
])('%s is --%s', (name, expected) => {
  expect(kebab(name)).toBe(expected);
});

test.each([
  [line('ecs', 'DescribeTasks', { cluster: 'c', tasks: ['a', 'b'] }), 'aws ecs describe-tasks --cluster c --tasks a b'],
  [line('sts', 'GetCallerIdentity', {}), 'aws sts get-caller-identity'],
  [
    line('s3', 'ListObjectsV2', { Bucket: 'b', Prefix: "it's here/" }),
    `aws s3api list-objects-v2 --bucket b --prefix 'it'\\''s here/'`,
  ],
  [line('s3', 'GetObject', { Bucket: 'b', Key: 'k' }), 'aws s3api get-object --bucket b --key k /dev/stdout'],
  [
    line('s3', 'PutObject', { Bucket: 'b', Key: 'k', Body: 'x', IfNoneMatch: '*' }),
    "aws s3api put-object --bucket b --key k --body body.bin --if-none-match '*'",
  ],
  [
    line('secretsManager', 'CreateSecret', { Name: 'n', SecretString: 'hunter2' }),
    'aws secretsmanager create-secret --name n --secret-string file://secret-string.json',
  ],
  [
    line('secretsManager', 'DeleteSecret', { SecretId: 'n', ForceDeleteWithoutRecovery: true }),
    'aws secretsmanager delete-secret --secret-id n --force-delete-without-recovery',
  ],
  [
    line('logs', 'FilterLogEvents', {
      logGroupName: '/ecs/x',
      startTime: 1,
      startFromHead: false,
      nextToken: undefined,
    }),
    'aws logs filter-log-events --log-group-name /ecs/x --start-time 1 --no-start-from-head',
  ],
  [
    line('ec2', 'DescribeSubnets', { Filters: [{ Name: 'vpc-id', Values: ['vpc-1'] }] }),
    `aws ec2 describe-subnets --filters '[{"Name":"vpc-id","Values":["vpc-1"]}]'`,
  ],
  [
    line('logs', 'DescribeLogGroups', { logGroupNamePrefix: 'a\u001b[2J\nb' }),
    "aws logs describe-log-groups --log-group-name-prefix $'a\\u001b[2J\\u000ab'",
  ],
])('%s', (made, expected) => {
  expect(made).toBe(expected);
});

test('profile, region and endpoint are named where they are given', () => {
  const record = { at: 0, service: 'ecs', operation: 'ListClusters', input: {} };
  expect(asCommandLine(record, { profile: 'my profile', region: 'eu-west-1', endpoint: 'http://127.0.0.1:4599' })).toBe(
    "aws ecs list-clusters --region eu-west-1 --profile 'my profile' --endpoint-url http://127.0.0.1:4599",
  );
});

const SECRET = 'hunter2-and-more';

test.each([
  ['secretsManager', 'PutSecretValue', { SecretId: 's', SecretString: SECRET }],
  ['secretsManager', 'CreateSecret', { Name: 's', SecretBinary: Buffer.from(SECRET) }],
  ['s3', 'PutObject', { Bucket: 'b', Key: 'k', Body: SECRET }],
  ['s3', 'PutObject', { Bucket: 'b', Key: 'k', Body: Buffer.from(SECRET) }],
  ['mwaa', 'UpdateEnvironment', { Name: 'e', AirflowConfigurationOptions: { 'smtp.smtp_password': SECRET } }],
  ['mwaa', 'InvokeRestApi', { Name: 'e', Method: 'POST', Path: '/variables', Body: { key: 'k', value: SECRET } }],
  ['mwaa', 'InvokeRestApi', { Name: 'e', Method: 'POST', Path: '/dags/x/dagRuns', Body: { conf: { config: SECRET } } }],
  [
    'mwaa',
    'InvokeRestApi',
    { Name: 'e', Method: 'POST', Path: '/connections', Body: { connection_id: 'c', password: SECRET } },
  ],
  ['ecs', 'RunTask', { overrides: { containerOverrides: [{ environment: [{ name: 'config', value: SECRET }] }] } }],
  [
    'ecs',
    'RegisterTaskDefinition',
    { containerDefinitions: [{ environment: [{ name: 'DB_PASSWORD', value: SECRET }] }] },
  ],
])('%s %s keeps no secret in its record or its command line', (service, operation, input) => {
  const kept = withoutSecrets(input);
  expect(JSON.stringify(kept)).not.toContain(SECRET);
  expect(JSON.stringify(kept)).not.toContain(Buffer.from(SECRET).toString('base64'));
  expect(asCommandLine({ at: 0, service, operation, input: kept })).toMatch(/file:\/\/|body\.bin|fileb:/);
});

test('what is no secret stays readable', () => {
  const input = {
    overrides: { containerOverrides: [{ name: 'c', environment: [{ name: 'pipelineType', value: 'metadata' }] }] },
  };
  expect(withoutSecrets(input)).toEqual(input);
});

test('a long text is not kept', () => {
  expect(withoutSecrets({ PolicyDocument: 'x'.repeat(5_000) })).toEqual({
    PolicyDocument: { withheld: 'body', length: 5_000 },
  });
});
