import { describe, expect, test } from 'vitest';
import { regionOfFile } from './bench.ts';

const bench = regionOfFile();

/** Asks the region for a fault of the next request of this service and operation. */
async function plan(service: string, operation: string, fault: object): Promise<void> {
  const answer = await fetch(`${bench.region.url}/_demo/faults`, {
    method: 'POST',
    body: JSON.stringify({ service, operation, fault }),
  });
  expect(answer.status).toBe(200);
}

const CALLS: readonly [service: string, operation: string, command: string, throttled: string, denied: string][] = [
  ['airflow', 'ListEnvironments', 'mwaa list-environments', 'ThrottlingException', 'AccessDeniedException'],
  ['ecs', 'ListClusters', 'ecs list-clusters', 'ThrottlingException', 'AccessDeniedException'],
  ['logs', 'DescribeLogGroups', 'logs describe-log-groups', 'ThrottlingException', 'AccessDeniedException'],
  ['secretsmanager', 'ListSecrets', 'secretsmanager list-secrets', 'ThrottlingException', 'AccessDeniedException'],
  ['iam', 'GetRole', 'iam get-role --role-name ReadOnly', 'Throttling', 'AccessDenied'],
  ['sts', 'GetCallerIdentity', 'sts get-caller-identity', 'Throttling', 'AccessDenied'],
  ['ec2', 'DescribeVpcs', 'ec2 describe-vpcs', 'RequestLimitExceeded', 'UnauthorizedOperation'],
  ['s3', 'ListBuckets', 's3api list-buckets', 'SlowDown', 'AccessDenied'],
];

describe.each(CALLS)('%s fails in its own shape', (service, operation, command, throttled, denied) => {
  const words = command.split(' ');

  test('throttled, denied, broken', async () => {
    await plan(service, operation, { kind: 'throttle' });
    expect(await bench.aws.refusal(...words)).toContain(`(${throttled})`);
    await plan(service, operation, { kind: 'denied' });
    expect(await bench.aws.refusal(...words)).toContain(`(${denied})`);
    await plan(service, operation, { kind: 'error' });
    const { code, answers } = await bench.aws.run(...words);
    expect(code).not.toBe(0);
    expect(answers.map(({ status }) => status)).toEqual([expect.toSatisfy((status: number) => status >= 500)]);
    expect(await bench.aws.json(...words)).toBeTypeOf('object');
  });

  test('garbage does not pass for an answer', async () => {
    await plan(service, operation, { kind: 'garbage' });
    const { answers } = await bench.aws.run(...words);
    expect(answers.flatMap(({ problems }) => problems)).not.toEqual([]);
    bench.aws.problems();
  });

  test('unsigned, and signed for another region', async () => {
    expect(await bench.aws.refusal(...words, '--no-sign-request')).toMatch(/\(\w+\)/);
    // IAM and STS are global: their signature may name any region.
    if (service === 'iam' || service === 'sts') return;
    expect(await bench.aws.refusal(...words, '--region', 'us-west-2')).toMatch(/\(\w+\)/);
  });
});
