import { expect, test } from 'vitest';
import { arnName, formatArn, parseArn } from '../../src/aws/arn.ts';
import { principalName } from '../../src/aws/identity.ts';
import { pages } from '../../src/aws/pages.ts';
import { partitionOf } from '../../src/reference/partitions.ts';

interface Page {
  readonly items: number[];
  readonly next?: string;
}

async function itemsOf(answers: Record<string, Page>): Promise<number[]> {
  const items: number[] = [];
  const fetch = async (token: string | undefined) => answers[token ?? 'first'] ?? { items: [] };
  for await (const page of pages(fetch, (answer) => answer.next)) items.push(...page.items);
  return items;
}

test('an empty page with a token is not the end, a missing token is', async () => {
  const answers = { first: { items: [1], next: 'a' }, a: { items: [], next: 'b' }, b: { items: [2] } };
  expect(await itemsOf(answers)).toEqual([1, 2]);
});

test('a token that comes back as it was sent ends the listing', async () => {
  expect(await itemsOf({ first: { items: [1], next: 'a' }, a: { items: [2], next: 'a' } })).toEqual([1, 2]);
});

test.each([
  ['arn:aws:airflow:eu-west-1:123456789012:environment/data-prod', 'data-prod'],
  ['arn:aws:ecs:eu-west-1:123456789012:task/cluster/0123', '0123'],
  ['arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/openmetadata:*', '/ecs/openmetadata'],
  [
    'arn:aws:secretsmanager:eu-west-1:123456789012:secret:mwaa-console/data-prod/x-AbCdEf',
    'mwaa-console/data-prod/x-AbCdEf',
  ],
  ['arn:aws:s3:::mwaa-data-prod', 'mwaa-data-prod'],
  ['arn:aws:iam::123456789012:role/service/mwaa', 'mwaa'],
  ['data-prod', 'data-prod'],
])('the name of %s is %s', (arn, name) => {
  expect(arnName(arn)).toBe(name);
  const parts = parseArn(arn);
  if (parts !== undefined) expect(formatArn(parts)).toBe(arn);
});

test('a text that is no ARN has no parts', () => {
  expect(['', 'arn', 'arn:aws:s3', 'arn::s3:::x', 'x:aws:s3:::b'].map(parseArn)).toEqual(Array(5).fill(undefined));
});

test('a region tells its partition', () => {
  expect(['eu-west-1', 'cn-north-1', 'us-gov-west-1'].map(partitionOf)).toEqual(['aws', 'aws-cn', 'aws-us-gov']);
});

test.each([
  ['arn:aws:sts::1:assumed-role/OnCall/jane', 'OnCall'],
  ['arn:aws:sts::1:assumed-role/AWSReservedSSO_On_Call_0123456789abcdef/jane@example.com', 'On_Call'],
  ['arn:aws:iam::1:user/team/jane', 'jane'],
  ['arn:aws:iam::1:root', 'root'],
  ['arn:aws:sts::1:federated-user/jane', 'jane'],
])('the principal of %s is %s', (arn, name) => {
  expect(principalName(arn)).toBe(name);
});
