import { describe, expect, it } from 'vitest';
import { readPipeline } from '../../src/ingestion/pipeline.ts';
import { ecsTrustPolicy, ingestionPolicies } from '../../src/ingestion/policies.ts';
import { templates } from '../../src/ingestion/templates.ts';
import { ingestionGrants } from '../../src/reference/ingestion-grants.ts';
import { AIRFLOW, ECS, requestFor } from './samples.ts';

const CLUSTER = 'arn:aws:ecs:eu-west-1:123456789012:cluster/openmetadata-ingestion';
const airflow = (facts = {}) =>
  readPipeline(
    templates
      .find(({ id }) => id === 'airflow_metadata')
      ?.text({ environment: 'data-prod', region: 'eu-west-1', serverUrl: 'https://o/api', jwtToken: 't', ...facts }) ??
      '',
    'a.yaml',
  );

describe('the policies of an ingestion', () => {
  it('let the environment run, watch and stop this family in this cluster, and nothing else', () => {
    const [environment] = ingestionPolicies(requestFor());
    expect(environment?.role).toBe('mwaa-data-prod-role');
    const inCluster = { ArnEquals: { 'ecs:cluster': CLUSTER } };
    expect(environment?.document.Statement.map(({ Sid: _, Effect: __, ...rest }) => rest)).toEqual([
      {
        Action: ['ecs:RunTask'],
        Resource: ['arn:aws:ecs:eu-west-1:123456789012:task-definition/data-prod-postgres_metadata:*'],
        Condition: inCluster,
      },
      {
        Action: ['ecs:DescribeTasks', 'ecs:StopTask'],
        Resource: ['arn:aws:ecs:eu-west-1:123456789012:task/openmetadata-ingestion/*'],
        Condition: inCluster,
      },
      { Action: ['ecs:ListTasks'], Resource: ['*'], Condition: inCluster },
      {
        Action: ['iam:PassRole'],
        Resource: [ECS.executionRoleArn, ECS.taskRoleArn],
        Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      },
      {
        Action: ['logs:GetLogEvents'],
        Resource: ['arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/openmetadata-ingestion:log-stream:*'],
      },
    ]);
  });

  it('let ECS write the log and read this one secret', () => {
    const execution = ingestionPolicies(requestFor()).find(({ holder }) => holder === 'execution');
    expect(execution?.role).toBe('openmetadata-ingestion-execution');
    expect(execution?.document.Statement.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [
        ['logs:CreateLogStream', 'logs:PutLogEvents'],
        ['arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/openmetadata-ingestion:*'],
      ],
      [
        ['secretsmanager:GetSecretValue'],
        ['arn:aws:secretsmanager:eu-west-1:123456789012:secret:mwaa-console/data-prod/postgres_metadata-??????'],
      ],
    ]);
  });

  it('let ECS pull from ECR only where the image is there', () => {
    const image = '210987654321.dkr.ecr.eu-central-1.amazonaws.com/mirror/ingestion-base:1.12.8';
    const actions = ingestionPolicies(requestFor({ ecs: { ...ECS, image } })).flatMap(({ document }) =>
      document.Statement.filter(({ Sid }) => Sid === 'PullImage').flatMap(({ Resource }) => Resource),
    );
    expect(actions).toEqual(['arn:aws:ecr:eu-central-1:210987654321:repository/mirror/ingestion-base']);
  });

  it('let the task read Airflow only where the pipeline does', () => {
    expect(ingestionPolicies(requestFor()).map(({ holder }) => holder)).toEqual(['environment', 'execution']);
    const task = ingestionPolicies(requestFor({ pipeline: airflow() })).find(({ holder }) => holder === 'task');
    expect(task?.role).toBe('openmetadata-ingestion-task');
    expect(task?.document.Statement).toEqual([
      {
        Sid: 'ReadAirflow',
        Effect: 'Allow',
        Action: ['airflow:InvokeRestApi'],
        Resource: ['arn:aws:airflow:eu-west-1:123456789012:role/data-prod/Viewer'],
      },
    ]);
  });

  it('are one where the task acts as the role that starts it: two of a name would replace each other', () => {
    const ecs = { ...ECS, taskRoleArn: ECS.executionRoleArn };
    const [environment, both, ...more] = ingestionPolicies(requestFor({ pipeline: airflow(), ecs }));
    expect([environment?.holder, both?.holder, more]).toEqual(['environment', 'execution', []]);
    expect(both?.document.Statement.map(({ Sid }) => Sid)).toEqual([
      'WriteIngestionLog',
      'ReadIngestionConfiguration',
      'ReadAirflow',
    ]);
  });

  it('let the task take another role where the connection names one', () => {
    const role = 'arn:aws:iam::210987654321:role/reader';
    const pipeline = readPipeline(
      airflow().text.replace('awsRegion: eu-west-1', `awsRegion: eu-west-1\n              assumeRoleArn: ${role}`),
      'a.yaml',
    );
    const task = ingestionPolicies(requestFor({ pipeline })).find(({ holder }) => holder === 'task');
    expect(task?.document.Statement.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [['sts:AssumeRole'], [role]],
    ]);
  });

  it('stay within their region’s partition', () => {
    const text = JSON.stringify(
      ingestionPolicies(requestFor({ region: 'cn-north-1' })).map(({ document }) => document),
    );
    const ours = text.match(/arn:[a-z-]+:(ecs|logs|secretsmanager)/g) ?? [];
    expect(new Set(ours.map((arn) => arn.split(':')[1]))).toEqual(new Set(['aws-cn']));
  });

  it('trust ECS, for this account alone', () => {
    expect(ecsTrustPolicy({ account: '123456789012' }).Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { Service: 'ecs-tasks.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
      },
    ]);
  });

  it('let the execution role read the one secret, and no more, where the ingestion runs on the workers', () => {
    for (const mode of ['python', 'virtualenv'] as const) {
      expect(ingestionPolicies(requestFor({ mode })).map(({ role, document }) => [role, document.Statement])).toEqual([
        [
          'mwaa-data-prod-role',
          [
            {
              Sid: 'ReadIngestionConfiguration',
              Effect: 'Allow',
              Action: ['secretsmanager:GetSecretValue'],
              Resource: [
                'arn:aws:secretsmanager:eu-west-1:123456789012:secret:mwaa-console/data-prod/postgres_metadata-??????',
              ],
            },
          ],
        ],
      ]);
    }
  });

  it('let the ingestion look up what its configuration refers to, and nothing else', () => {
    const scopes = (provider: string, reference = 'secret:/openmetadata/reader') => {
      const text = AIRFLOW.replace('secret:/openmetadata/reader', reference).replace(
        'authProvider: openmetadata',
        `$&\n    secretsManagerProvider: ${provider}`,
      );
      return ingestionPolicies(requestFor({ mode: 'python', pipeline: readPipeline(text, 'a.yaml') })).flatMap(
        ({ document }) =>
          document.Statement.filter(({ Sid }) => Sid.startsWith('Resolve')).map(({ Action, Resource }) => [
            ...Action,
            ...Resource,
          ]),
      );
    };
    expect(scopes('aws')).toEqual([
      [
        'secretsmanager:GetSecretValue',
        'arn:aws:secretsmanager:eu-west-1:123456789012:secret:/openmetadata/reader-??????',
      ],
    ]);
    expect(scopes('managed-aws-ssm')).toEqual([
      ['ssm:GetParameter', 'arn:aws:ssm:eu-west-1:123456789012:parameter/openmetadata/reader'],
    ]);
    const arn = 'arn:aws:secretsmanager:eu-west-1:999999999999:secret:theirs-AbCdEf';
    expect(scopes('aws', `secret:${arn}`)).toEqual([['secretsmanager:GetSecretValue', arn]]);
    expect(scopes('db')).toEqual([]);
  });

  it('let whoever reads the secret use the key that it is encrypted with', () => {
    const secretKmsKeyArn = 'arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000000';
    for (const [mode, holder] of [
      ['ecs', 'execution'],
      ['virtualenv', 'environment'],
    ] as const) {
      const policy = ingestionPolicies(requestFor({ mode, secretKmsKeyArn })).find((each) => each.holder === holder);
      expect(policy?.document.Statement.find(({ Sid }) => Sid === 'DecryptIngestionConfiguration')).toEqual({
        Sid: 'DecryptIngestionConfiguration',
        Effect: 'Allow',
        Action: ['kms:Decrypt'],
        Resource: [secretKmsKeyArn],
        Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com' } },
      });
    }
  });

  it('say of each grant why it is needed and who says so', () => {
    for (const { why, source, actions } of ingestionGrants) {
      expect(why).not.toBe('');
      expect(source).not.toBe('');
      expect(actions.every((action) => /^[a-z]+:[A-Z]\w+$/.test(action))).toBe(true);
    }
  });
});
