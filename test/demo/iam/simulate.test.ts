import {
  IAMClient,
  SimulatePrincipalPolicyCommand,
  type SimulatePrincipalPolicyCommandInput,
} from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { clientOptions, regionOfFile } from '../core/bench.ts';

const bench = regionOfFile();
const SOURCE = 'arn:aws:iam::123456789012:role/mwaa-data-prod-role';
const CLUSTER = 'arn:aws:ecs:eu-west-1:123456789012:cluster/openmetadata-ingestion';
const FAMILY = 'arn:aws:ecs:eu-west-1:123456789012:task-definition/data-prod-kafka_metadata';
const IN_CLUSTER = { ContextKeyName: 'ecs:cluster', ContextKeyType: 'string' as const, ContextKeyValues: [CLUSTER] };

function simulate(input: Partial<SimulatePrincipalPolicyCommandInput>, key = 'test') {
  const client = new IAMClient(clientOptions(bench.running, key));
  const command = new SimulatePrincipalPolicyCommand({
    PolicySourceArn: SOURCE,
    ActionNames: ['ecs:RunTask'],
    ...input,
  });
  return client.send(command);
}

describe('SimulatePrincipalPolicy', () => {
  it('answers one result an action, with the detail by resource', async () => {
    const other = FAMILY.replace('kafka', 'nothing');
    const { EvaluationResults, IsTruncated } = await simulate({
      ActionNames: ['ecs:RunTask', 'ecs:DeleteCluster'],
      ResourceArns: [`${FAMILY}:7`, `${other}:1`],
      ContextEntries: [IN_CLUSTER],
    });
    expect(IsTruncated).toBe(false);
    expect(EvaluationResults).toHaveLength(2);
    expect(EvaluationResults?.[0]).toMatchObject({
      EvalActionName: 'ecs:RunTask',
      EvalDecision: 'implicitDeny',
      ResourceSpecificResults: [
        {
          EvalResourceName: `${FAMILY}:7`,
          EvalResourceDecision: 'allowed',
          MatchedStatements: [
            { SourcePolicyId: 'role_mwaa-data-prod-role_mwaa-console-kafka_metadata', SourcePolicyType: 'role' },
          ],
        },
        { EvalResourceName: `${other}:1`, EvalResourceDecision: 'implicitDeny' },
      ],
    });
    expect(EvaluationResults?.[1]?.EvalDecision).toBe('implicitDeny');
  });

  it('names the context keys that it was not given', async () => {
    const { EvaluationResults } = await simulate({ ResourceArns: [`${FAMILY}:7`] });
    expect(EvaluationResults?.[0]).toMatchObject({
      EvalDecision: 'implicitDeny',
      EvalResourceName: `${FAMILY}:7`,
      MissingContextValues: ['ecs:cluster'],
    });
  });

  it('knows whom a role may be passed to', async () => {
    const passing = (service: string) =>
      simulate({
        ActionNames: ['iam:PassRole'],
        ResourceArns: ['arn:aws:iam::123456789012:role/openmetadata-ingestion-task'],
        ContextEntries: [
          { ContextKeyName: 'iam:PassedToService', ContextKeyType: 'string', ContextKeyValues: [service] },
        ],
      });
    expect((await passing('ecs-tasks.amazonaws.com')).EvaluationResults?.[0]?.EvalDecision).toBe('allowed');
    expect((await passing('ec2.amazonaws.com')).EvaluationResults?.[0]?.EvalDecision).toBe('implicitDeny');
  });

  it('says that a deny decided', async () => {
    const { EvaluationResults } = await simulate({
      ActionNames: ['s3:ListAllMyBuckets'],
      ResourceArns: ['arn:aws:s3:::mwaa-data-prod-123456789012'],
    });
    expect(EvaluationResults?.[0]?.EvalDecision).toBe('explicitDeny');
  });

  it('counts policies that come with the request', async () => {
    const statement = { Effect: 'Allow', Action: 'ecs:DeleteCluster', Resource: '*' };
    const { EvaluationResults } = await simulate({
      ActionNames: ['ecs:DeleteCluster'],
      PolicyInputList: [JSON.stringify({ Version: '2012-10-17', Statement: [statement] })],
    });
    expect(EvaluationResults?.[0]).toMatchObject({
      EvalDecision: 'allowed',
      EvalResourceName: '*',
      MatchedStatements: [{ SourcePolicyId: 'PolicyInputList.1' }],
    });
  });

  it('pages', async () => {
    const ActionNames = ['s3:A', 's3:B', 's3:C'];
    const first = await simulate({ ActionNames, MaxItems: 2 });
    expect(first).toMatchObject({ IsTruncated: true, EvaluationResults: [{}, {}] });
    const rest = await simulate({
      ActionNames,
      MaxItems: 2,
      ...(first.Marker === undefined ? {} : { Marker: first.Marker }),
    });
    expect(rest.EvaluationResults?.map(({ EvalActionName }) => EvalActionName)).toEqual(['s3:C']);
  });

  it('refuses a session, nobody, and callers without the permission', async () => {
    const session = 'arn:aws:sts::123456789012:assumed-role/OnCall/demo';
    await expect(simulate({ PolicySourceArn: session })).rejects.toMatchObject({ name: 'InvalidInputException' });
    const nobody = SOURCE.replace('data-prod', 'nobody');
    await expect(simulate({ PolicySourceArn: nobody })).rejects.toMatchObject({ name: 'NoSuchEntityException' });
    const sso = 'arn:aws:iam::123456789012:role/AWSReservedSSO_DataPlatform_0a1b2c3d4e5f6071';
    // The role has a path: the ARN without it names nobody.
    await expect(simulate({ PolicySourceArn: sso })).rejects.toMatchObject({ name: 'NoSuchEntityException' });
    await expect(simulate({}, 'AKIADEMOOPERATOR0000')).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});
