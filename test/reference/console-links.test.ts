import { expect, test } from 'vitest';
import { consoleLink } from '../../src/reference/console-links.ts';

test.each([
  [
    'arn:aws:airflow:eu-west-1:123456789012:environment/data-prod',
    'https://eu-west-1.console.aws.amazon.com/mwaa/home?region=eu-west-1#environments/data-prod',
  ],
  [
    'arn:aws:ecs:eu-west-1:123456789012:task/batch/0123456789abcdef',
    'https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/batch/tasks/0123456789abcdef?region=eu-west-1',
  ],
  [
    'arn:aws-cn:ecs:cn-north-1:123456789012:cluster/batch',
    'https://cn-north-1.console.amazonaws.cn/ecs/v2/clusters/batch?region=cn-north-1',
  ],
  [
    'arn:aws:ecs:eu-west-1:123456789012:task-definition/data-prod-kafka:3',
    'https://eu-west-1.console.aws.amazon.com/ecs/v2/task-definitions/data-prod-kafka/3?region=eu-west-1',
  ],
  [
    'arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/openmetadata-ingestion:*',
    'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/$252Fecs$252Fopenmetadata-ingestion',
  ],
  ['arn:aws:iam::123456789012:role/team/OnCall', 'https://console.aws.amazon.com/iam/home#/roles/details/OnCall'],
])('%s', (arn, address) => {
  expect(consoleLink(arn)).toBe(address);
});

test('what has no page has no address, hostile text included', () => {
  expect(consoleLink('arn:aws:sns:eu-west-1:123456789012:topic')).toBeUndefined();
  expect(consoleLink('arn:aws:ecs:eu-west-1:123456789012:task/old-form')).toBeUndefined();
  expect(consoleLink('not an arn')).toBeUndefined();
  expect(consoleLink('arn:evil:ecs:eu-west-1:1:cluster/x')).toBeUndefined();
  expect(consoleLink('arn:aws:ecs:eu-west-1:1:cluster/a b"<\u001b')).toMatch(/^[\x21-\x7e]+$/);
  expect(consoleLink('arn:aws:ecs:eu-west-1:1:cluster/half of a letter \ud83d')).toMatch(/^[\x21-\x7e]+$/);
});
