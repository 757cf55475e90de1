import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { clientOptions, regionOfFile } from '../core/bench.ts';

const bench = regionOfFile();
const iam = (key = 'test') => new IAMClient(clientOptions(bench.running, key));

const ROLE = { RoleName: 'mwaa-data-prod-role' };
const READ = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] });
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

describe('the roles of the world', () => {
  it('have the execution role of each environment with its trust', async () => {
    const { Role } = await iam().send(new GetRoleCommand(ROLE));
    expect(Role).toMatchObject({
      Path: '/',
      RoleName: 'mwaa-data-prod-role',
      Arn: 'arn:aws:iam::123456789012:role/mwaa-data-prod-role',
      MaxSessionDuration: 3600,
      Tags: [{ Key: 'team', Value: 'data-platform' }],
    });
    expect(Role?.RoleId).toMatch(/^AROA[A-Z2-7]{17}$/);
    expect(Role?.CreateDate).toBeInstanceOf(Date);
    const trust = JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''));
    expect(trust.Statement[0].Principal.Service).toContain('airflow-env.amazonaws.com');
  });

  it('have a policy an ingestion', async () => {
    const { PolicyNames } = await iam().send(new ListRolePoliciesCommand(ROLE));
    expect(PolicyNames).toEqual([
      'MWAA-Execution-Policy',
      'mwaa-console-kafka_metadata',
      'mwaa-console-looker_metadata',
      'mwaa-console-postgres_usage',
      'mwaa-console-snowflake_metadata',
    ]);
    const names = { ...ROLE, PolicyName: 'mwaa-console-kafka_metadata' };
    const { PolicyDocument } = await iam().send(new GetRolePolicyCommand(names));
    // Documents leave IAM percent-encoded whole; SDKs hand them on as they come.
    expect(PolicyDocument).not.toMatch(/[{}"*:]/);
    expect(JSON.parse(decodeURIComponent(PolicyDocument ?? '')).Version).toBe('2012-10-17');
  });

  it('are listed page by page', async () => {
    const names: (string | undefined)[] = [];
    let Marker: string | undefined;
    let pages = 0;
    do {
      const page = await iam().send(new ListRolesCommand({ MaxItems: 4, ...(Marker === undefined ? {} : { Marker }) }));
      expect(page.Roles?.length).toBeLessThanOrEqual(4);
      names.push(...(page.Roles ?? []).map(({ RoleName }) => RoleName));
      expect(page.IsTruncated).toBe(page.Marker !== undefined);
      Marker = page.Marker;
      pages += 1;
    } while (Marker !== undefined);
    expect(pages).toBeGreaterThan(2);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual([...names].sort());
    await expect(iam().send(new ListRolesCommand({ Marker: '!' }))).rejects.toMatchObject({ name: 'ValidationError' });
  });

  it('use managed policies too', async () => {
    const legacy = { RoleName: 'mwaa-legacy-role' };
    const { AttachedPolicies } = await iam().send(new ListAttachedRolePoliciesCommand(legacy));
    const PolicyArn = 'arn:aws:iam::123456789012:policy/MWAA-Execution-Policy-legacy';
    expect(AttachedPolicies).toEqual([{ PolicyName: 'MWAA-Execution-Policy-legacy', PolicyArn }]);
    const { Policy } = await iam().send(new GetPolicyCommand({ PolicyArn }));
    expect(Policy).toMatchObject({ Arn: PolicyArn, DefaultVersionId: 'v1', AttachmentCount: 1, IsAttachable: true });
    const { PolicyVersion } = await iam().send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
    expect(JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? '')).Statement.length).toBeGreaterThan(5);
    expect(PolicyVersion?.IsDefaultVersion).toBe(true);
  });
});

describe('a role', () => {
  it('is made, tagged, trusted anew and deleted', async () => {
    const RoleName = 'made-here';
    const made = await iam().send(
      new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST, Path: '/data/', Description: 'a role' }),
    );
    expect(made.Role?.Arn).toBe('arn:aws:iam::123456789012:role/data/made-here');
    await expect(
      iam().send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST })),
    ).rejects.toMatchObject({
      name: 'EntityAlreadyExistsException',
      message: 'Role with name made-here already exists.',
    });

    await iam().send(
      new TagRoleCommand({
        RoleName,
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'b', Value: '' },
        ],
      }),
    );
    await iam().send(new UntagRoleCommand({ RoleName, TagKeys: ['a'] }));
    expect((await iam().send(new ListRoleTagsCommand({ RoleName }))).Tags).toEqual([{ Key: 'b', Value: '' }]);

    const PolicyDocument = TRUST.replace('ecs-tasks', 'airflow');
    await iam().send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
    expect(bench.running.region.iam.trusts(RoleName, 'airflow.amazonaws.com')).toBe(true);
    expect(bench.running.region.iam.trusts(RoleName, 'ecs-tasks.amazonaws.com')).toBe(false);

    const PolicyName = 'read';
    await iam().send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: READ }));
    await expect(iam().send(new DeleteRoleCommand({ RoleName }))).rejects.toMatchObject({
      name: 'DeleteConflictException',
      message: 'Cannot delete entity, must delete policies first.',
    });
    await iam().send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));

    const PolicyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
    await iam().send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    await expect(iam().send(new DeleteRoleCommand({ RoleName }))).rejects.toMatchObject({
      name: 'DeleteConflictException',
    });
    await iam().send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
    await iam().send(new DeleteRoleCommand({ RoleName }));
    await expect(iam().send(new GetRoleCommand({ RoleName }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      message: 'The role with name made-here cannot be found.',
      $metadata: { httpStatusCode: 404 },
    });
  });

  it('takes a policy again under its name without a word', async () => {
    const names = { RoleName: 'mwaa-sandbox-role', PolicyName: 'twice' };
    await iam().send(new PutRolePolicyCommand({ ...names, PolicyDocument: READ }));
    const other = READ.replace('s3', 'logs');
    await iam().send(new PutRolePolicyCommand({ ...names, PolicyDocument: other }));
    const { PolicyDocument } = await iam().send(new GetRolePolicyCommand(names));
    expect(decodeURIComponent(PolicyDocument ?? '')).toBe(other);
    await iam().send(new DeleteRolePolicyCommand(names));
    await expect(iam().send(new DeleteRolePolicyCommand(names))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      message: 'The role policy with name twice cannot be found.',
    });
  });

  it('holds 10,240 characters of inline policies that are not blank, together', async () => {
    const RoleName = 'mwaa-sandbox-role';
    const sized = (length: number, blanks = '') =>
      JSON.stringify({
        Statement: { Effect: 'Allow', Action: 's3:*', Resource: `arn:aws:s3:::${'b'.repeat(length)}` },
      }) + blanks;
    const put = (PolicyName: string, PolicyDocument: string) =>
      iam().send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
    await put('first', sized(5000, ' '.repeat(20_000)));
    await expect(put('second', sized(5000))).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: 'Maximum policy size of 10240 bytes exceeded for role mwaa-sandbox-role',
      $metadata: { httpStatusCode: 409 },
    });
    // The same name replaces, and so counts once.
    await put('first', sized(6000));
    await iam().send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'first' }));
  });

  it('refuses what is no policy, no name and no ARN', async () => {
    const put = (input: { RoleName: string; PolicyName: string; PolicyDocument: string }) =>
      iam().send(new PutRolePolicyCommand(input));
    const good = { ...ROLE, PolicyName: 'x', PolicyDocument: READ };
    await expect(put({ ...good, PolicyDocument: '{' })).rejects.toMatchObject({
      name: 'MalformedPolicyDocumentException',
    });
    await expect(put({ ...good, PolicyName: 'a b' })).rejects.toMatchObject({ name: 'ValidationError' });
    await expect(put({ ...good, RoleName: 'x'.repeat(65) })).rejects.toThrow('less than or equal to 64');
    await expect(put({ ...good, RoleName: 'nobody' })).rejects.toMatchObject({ name: 'NoSuchEntityException' });
    const attach = (PolicyArn: string) => iam().send(new AttachRolePolicyCommand({ ...ROLE, PolicyArn }));
    await expect(attach('not-an-arn-at-all-0000')).rejects.toMatchObject({ name: 'InvalidInputException' });
    await expect(attach('arn:aws:iam::aws:policy/None')).rejects.toMatchObject({ name: 'NoSuchEntityException' });
  });
});

describe('a caller', () => {
  it('without the permission is told which, on what and why', async () => {
    const put = new PutRolePolicyCommand({ ...ROLE, PolicyName: 'x', PolicyDocument: READ });
    await expect(iam('AKIADEMOREADONLY0000').send(put)).rejects.toMatchObject({
      name: 'AccessDenied',
      message:
        'User: arn:aws:sts::123456789012:assumed-role/ReadOnly/demo is not authorized to perform: iam:PutRolePolicy on resource: ' +
        'arn:aws:iam::123456789012:role/mwaa-data-prod-role because no identity-based policy allows the iam:PutRolePolicy action',
      $metadata: { httpStatusCode: 403 },
    });
    await iam('AKIADEMOREADONLY0000').send(new GetRoleCommand(ROLE));
    await expect(iam('AKIADEMONOACCESS0000').send(new GetRoleCommand(ROLE))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });

  it('loses by a deny what another policy allows, at once', async () => {
    const RoleName = 'IngestionOperator';
    const PolicyName = 'no-roles';
    const PolicyDocument = READ.replace('Allow', 'Deny').replace('s3:*', 'iam:GetRole');
    const operator = iam('AKIADEMOOPERATOR0000');
    await operator.send(new GetRoleCommand(ROLE));
    await iam().send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
    await expect(operator.send(new GetRoleCommand(ROLE))).rejects.toThrow(
      'with an explicit deny in an identity-based policy',
    );
    await iam().send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
    await operator.send(new GetRoleCommand(ROLE));
  });

  it('never has more than a permissions boundary leaves', async () => {
    const RoleName = 'bounded';
    const PermissionsBoundary = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
    await iam().send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST, PermissionsBoundary }));
    const PolicyDocument = READ.replace('s3:*', '*');
    await iam().send(new PutRolePolicyCommand({ RoleName, PolicyName: 'all', PolicyDocument }));
    const allows = bench.running.region.iam.allows.bind(bench.running.region.iam, RoleName);
    expect(allows('s3:GetObject', '*')).toBe(true);
    expect(allows('s3:PutObject', '*')).toBe(false);
  });
});
