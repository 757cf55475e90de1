import { describe, expect, test } from 'vitest';
import { regionOfFile } from './bench.ts';

const bench = regionOfFile();

const ROLE = ['--role-name', 'mwaa-data-prod-role'];
const nobody = () => bench.aws.as('AKIADEMONOACCESS0000');

describe('sts', () => {
  test('get-caller-identity', async () => {
    expect(await bench.aws.json('sts', 'get-caller-identity')).toEqual({
      Account: '123456789012',
      Arn: 'arn:aws:sts::123456789012:assumed-role/OnCall/demo',
      UserId: expect.stringContaining(':demo'),
    });
    expect(await bench.aws.refusal('sts', 'get-caller-identity', '--no-sign-request')).toContain(
      'MissingAuthenticationToken',
    );
  });

  test('assume-role', async () => {
    const assume = ['sts', 'assume-role', '--role-session-name', 'me', '--role-arn'];
    const { AssumedRoleUser } = await bench.aws.json<{ AssumedRoleUser: { Arn: string } }>(
      ...[...assume, 'arn:aws:iam::123456789012:role/ReadOnly'],
    );
    expect(AssumedRoleUser.Arn).toBe('arn:aws:sts::123456789012:assumed-role/ReadOnly/me');
    expect(await bench.aws.refusal(...assume, 'arn:aws:iam::123456789012:role/none')).toContain('AccessDenied');
  });
});

describe('iam', () => {
  test('get-role', async () => {
    expect(await bench.aws.json('iam', 'get-role', ...ROLE)).toMatchObject({
      Role: {
        Arn: 'arn:aws:iam::123456789012:role/mwaa-data-prod-role',
        AssumeRolePolicyDocument: { Statement: expect.any(Array) },
      },
    });
    expect(await bench.aws.refusal('iam', 'get-role', '--role-name', 'none')).toContain('NoSuchEntity');
    expect(await nobody().refusal('iam', 'get-role', ...ROLE)).toContain('AccessDenied');
  });

  test('put-role-policy, get-role-policy and list-role-policies', async () => {
    const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] };
    const put = (name: string, text: string) => [
      ...['iam', 'put-role-policy', ...ROLE, '--policy-name', name, '--policy-document', text],
    ];
    for (const name of ['tried-1', 'tried-2']) {
      const { code, stderr } = await bench.aws.run(...put(name, JSON.stringify(document)));
      expect(code, stderr).toBe(0);
    }
    const list = ['iam', 'list-role-policies', '--role-name'];
    const { PolicyNames } = await bench.aws.json<{ PolicyNames: string[] }>(...list, 'mwaa-data-prod-role');
    expect(PolicyNames).toEqual(expect.arrayContaining(['tried-1', 'tried-2']));
    const paged = await bench.aws.paged<{ PolicyNames: string[] }>(...list, 'mwaa-data-prod-role', '--page-size', '1');
    expect(paged.answer.PolicyNames).toEqual(PolicyNames);
    expect(paged.requests).toBe(PolicyNames.length);
    const get = ['iam', 'get-role-policy', ...ROLE, '--policy-name'];
    expect(await bench.aws.json(...get, 'tried-1')).toEqual({
      RoleName: 'mwaa-data-prod-role',
      PolicyName: 'tried-1',
      PolicyDocument: document,
    });
    expect(await bench.aws.refusal(...put('broken', '{"Statement": '))).toContain('MalformedPolicyDocument');
    expect(await bench.aws.refusal(...get, 'none')).toContain('NoSuchEntity');
    expect(await bench.aws.refusal(...list, 'none')).toContain('NoSuchEntity');
    expect(await nobody().refusal(...put('denied', JSON.stringify(document)))).toContain('AccessDenied');
  });

  test('simulate-principal-policy', async () => {
    const simulate = ['iam', 'simulate-principal-policy', '--policy-source-arn'];
    const actions = ['--action-names', 'ecs:ListClusters', 'ecs:RunTask'];
    const { EvaluationResults } = await bench.aws.json<{ EvaluationResults: { EvalDecision: string }[] }>(
      ...[...simulate, 'arn:aws:iam::123456789012:role/ReadOnly', ...actions],
    );
    expect(EvaluationResults.map(({ EvalDecision }) => EvalDecision)).toEqual(['allowed', 'implicitDeny']);
    const paged = await bench.aws.paged<{ EvaluationResults: unknown[] }>(
      ...[...simulate, 'arn:aws:iam::123456789012:role/ReadOnly', ...actions, '--page-size', '1'],
    );
    expect(paged.answer.EvaluationResults).toEqual(EvaluationResults);
    expect(paged.requests).toBe(2);
    const onResources = await bench.aws.json<{ EvaluationResults: object[] }>(
      ...[...simulate, 'arn:aws:iam::123456789012:role/mwaa-data-prod-role', '--action-names', 's3:GetObject'],
      ...['--resource-arns', 'arn:aws:s3:::mwaa-data-prod-123456789012/dags/a.py', 'arn:aws:s3:::another/a.py'],
    );
    expect(onResources.EvaluationResults).not.toEqual([]);
    expect(await bench.aws.refusal(...simulate, 'arn:aws:iam::123456789012:role/none', ...actions)).toContain(
      'NoSuchEntity',
    );
    expect(await bench.aws.refusal(...simulate, 'arn:aws:iam::123456789012:user', ...actions)).toContain(
      'InvalidInput',
    );
  });
});
