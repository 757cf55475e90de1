import { expect, test } from 'vitest';
import { policyForDenials } from '../../src/aws/denied.ts';
import { Failure } from '../../src/text/failure.ts';

const denied = (action: string, resource?: string, message = 'Not allowed.', cause?: unknown) =>
  new Failure('denied', message, { action, cause, ...(resource === undefined ? {} : { resource }) });

test('what was refused becomes one statement a resource, each action once', () => {
  const cluster = 'arn:aws:ecs:eu-west-1:123456789012:cluster/batch';
  expect(
    policyForDenials([
      denied('ecs:RunTask', cluster),
      denied('ecs:DescribeClusters', cluster),
      denied('ecs:RunTask', cluster),
      denied('airflow:ListEnvironments'),
    ]),
  ).toEqual({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: ['ecs:DescribeClusters', 'ecs:RunTask'], Resource: cluster },
      { Effect: 'Allow', Action: ['airflow:ListEnvironments'], Resource: '*' },
    ],
  });
});

test("AWS's own ARN counts where a domain told the refusal in its own words", () => {
  const role = 'arn:aws:airflow:eu-west-1:123456789012:role/data-prod/Op';
  const own = denied('airflow:InvokeRestApi', role);
  expect(policyForDenials([denied('airflow:InvokeRestApi', 'data-prod', 'Not allowed.', own)])?.Statement).toEqual([
    { Effect: 'Allow', Action: ['airflow:InvokeRestApi'], Resource: role },
  ]);
});

test('no policy helps against an explicit deny, nor where IAM refused nothing', () => {
  expect(
    policyForDenials([denied('ecs:StopTask', undefined, 'Not allowed: explicit deny in a policy.')]),
  ).toBeUndefined();
  expect(
    policyForDenials([new Failure('throttled', 'Slow down.'), new Failure('denied', 'Airflow says 403.')]),
  ).toBeUndefined();
});
