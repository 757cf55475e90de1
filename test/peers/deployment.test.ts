import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyPatch } from 'diff';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { CANARY, redshiftPipeline } from '../support/pipelines.ts';
import { AwsClient } from './aws-client.ts';
import { product, type Running, startDemo } from './product.ts';

const folder = mkdtempSync(join(tmpdir(), 'as-planned-'));
const pipeline = join(folder, 'redshift.yaml');
let url: string;
let demo: Running;
let aws: AwsClient;

interface Step {
  readonly id: string;
  readonly kind: string;
  readonly resource: string;
  readonly diff: string;
}

beforeAll(async () => {
  ({ url, demo } = await startDemo(40));
  aws = new AwsClient(url);
  writeFileSync(pipeline, redshiftPipeline(url));
});
afterAll(async () => {
  aws?.dispose();
  await demo?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a verb of the product on the region; its JSON. */
async function told<T = Record<string, unknown>>(...words: string[]): Promise<T> {
  const keys = { AWS_ACCESS_KEY_ID: 'AKIADEMOADMIN0000000', AWS_SECRET_ACCESS_KEY: 'demo' };
  const env = { ...keys, AWS_ENDPOINT_URL: url, AWS_REGION: 'eu-west-1', HOME: folder };
  const { code, stdout, stderr } = await product([...words, '-o', 'json'], { env });
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as T;
}

/** An object as the `aws` client reads it, the newest version or another. */
async function object(bucket: string, key: string, version?: string): Promise<{ text: string; version: string }> {
  const path = join(folder, 'object');
  const which = ['--bucket', bucket, '--key', key, ...(version === undefined ? [] : ['--version-id', version])];
  const { VersionId } = await aws.json<{ VersionId: string }>('s3api', 'get-object', ...which, path);
  return { text: readFileSync(path, 'utf8'), version: VersionId };
}

interface Environment {
  readonly RequirementsS3Path: string;
  readonly RequirementsS3ObjectVersion: string;
}

async function environmentOf(name: string): Promise<Environment> {
  const { Environment: found } = await aws.json<{ Environment: Environment }>(
    ...['mwaa', 'get-environment', '--name', name],
  );
  return found;
}

/** What the `aws` client reads of the resource of a step: a text, or the document that the step's diff is of. */
async function found({ kind, resource }: Step, environment: string): Promise<unknown> {
  const [role = '', policy = ''] = resource.split(' / ');
  const bucket = `mwaa-${environment}-123456789012`;
  switch (kind) {
    case 'secret': {
      const { SecretString: text } = await aws.json<{ SecretString: string }>(
        ...['secretsmanager', 'get-secret-value', '--secret-id', resource],
      );
      expect(text).toContain(`${CANARY}-password`);
      return parse(text.replaceAll(new RegExp(`${CANARY}-\\w+`, 'g'), '********'));
    }
    case 'role-policy': {
      const which = ['--role-name', role, '--policy-name', policy];
      return (await aws.json('iam', 'get-role-policy', ...which)).PolicyDocument;
    }
    case 'role':
      return (
        await aws.json<{ Role: { AssumeRolePolicyDocument: object } }>('iam', 'get-role', '--role-name', resource)
      ).Role.AssumeRolePolicyDocument;
    case 'task-definition': {
      const { taskDefinition } = await aws.json(...['ecs', 'describe-task-definition', '--task-definition', resource]);
      // How a secret's ARN ends is known once it is there.
      return JSON.parse(JSON.stringify(taskDefinition).replaceAll(/(:secret:[\w/-]+)-\w{6}"/g, '$1"'));
    }
    case 'cluster':
      return (await aws.json<{ clusters: object[] }>('ecs', 'describe-clusters', '--clusters', resource)).clusters[0];
    case 'log-group': {
      const which = ['--log-group-name-prefix', resource];
      return (await aws.json<{ logGroups: object[] }>('logs', 'describe-log-groups', ...which)).logGroups[0];
    }
    case 'environment-update': {
      const { RequirementsS3Path: path, RequirementsS3ObjectVersion: versionId } = await environmentOf(resource);
      expect(versionId).toBe((await object(bucket, path)).version);
      return { requirements: { path, versionId: '(the version that is put)' } };
    }
    case 'airflow':
    case 'unpause': {
      const path = ['--name', environment, '--method', 'GET', '--path', `/dags/${resource}`];
      const { RestApiResponse: dag } = await aws.json('mwaa', 'invoke-rest-api', ...path);
      expect(dag).toMatchObject({ dag_id: resource, is_paused: false, has_import_errors: false });
      return undefined;
    }
    default:
      return (await object(bucket, resource)).text;
  }
}

const FRESH = [
  ...['--cluster', 'planned', '--log-group', '/ecs/planned', '--execution-role', 'planned-start'],
  ...['--task-role', 'planned-task'],
];

test.each([
  { mode: 'ecs', name: 'data-prod', options: FRESH, confirmed: [] },
  { mode: 'python', name: 'data-prod', options: [], confirmed: ['--confirm', 'data-prod'] },
  { mode: 'virtualenv', name: 'legacy', options: [], confirmed: [] },
])('the aws client finds what a plan of $mode mode said, and as much in its undo', async (wanted) => {
  const { mode, name, options, confirmed } = wanted;
  const before = await environmentOf(name);
  const { RequirementsS3Path: path, RequirementsS3ObjectVersion: versionId } = before;
  const inForce: Readonly<Record<string, string>> = {
    requirements: (await object(`mwaa-${name}-123456789012`, path, versionId)).text,
    'environment-update': `${JSON.stringify({ requirements: { path, versionId } }, null, 2)}\n`,
  };
  const words = [name, '--mode', mode, '--pipeline', pipeline, '--dag-id', `by_${mode}`, ...options];
  const { steps } = await told<{ steps: Step[] }>('plan', ...words);
  expect(await told('deploy', ...words, ...confirmed, '--yes')).toMatchObject({ state: 'done' });
  for (const step of steps.filter(({ kind }) => kind !== 'probe')) {
    const is = await found(step, name);
    if (step.diff === '') continue;
    const said = applyPatch(inForce[step.kind] ?? '', step.diff);
    if (said === false) throw new Error(`${step.id}: its diff does not fit what was there.`);
    if (typeof is === 'string') expect(is, step.id).toBe(said);
    else expect(is, step.id).toMatchObject(parse(said));
  }
  expect(await told('undo', name, ...confirmed, '--yes')).toMatchObject({ state: 'undone' });
  const after = await environmentOf(name);
  expect({ ...after, LastUpdate: undefined }).toEqual({ ...before, LastUpdate: undefined });
  for (const step of steps.filter(({ kind }) => kind === 'dag' || kind === 'role-policy')) {
    await expect(found(step, name)).rejects.toThrow(/NoSuch/);
  }
  expect(aws.problems()).toEqual([]);
});
