import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyPatch } from 'diff';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type RunningRegion, startRegion } from '../../src/demo/region.ts';
import { canonicalJson } from '../../src/text/canonical-json.ts';
import { CANARY, redshiftPipeline } from '../support/pipelines.ts';
import { AwsClient } from './aws-client.ts';
import { product } from './product.ts';

const folder = mkdtempSync(join(tmpdir(), 'as-planned-'));
const pipeline = join(folder, 'redshift.yaml');
let region: RunningRegion;
let aws: AwsClient;

interface Step {
  readonly id: string;
  readonly kind: string;
  readonly resource: string;
  readonly diff: string;
}

beforeAll(async () => {
  region = await startRegion({ speed: 40 });
  aws = new AwsClient(region.url);
  writeFileSync(pipeline, redshiftPipeline(region.url));
});
afterAll(async () => {
  aws?.dispose();
  await region?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a verb of the product on the region; its JSON. */
async function told<T = Record<string, unknown>>(...words: string[]): Promise<T> {
  const keys = { AWS_ACCESS_KEY_ID: 'AKIADEMOADMIN0000000', AWS_SECRET_ACCESS_KEY: 'demo' };
  const env = { ...keys, AWS_ENDPOINT_URL: region.url, AWS_REGION: 'eu-west-1', HOME: folder };
  const { code, stdout, stderr } = await product([...words, '-o', 'json'], { env });
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as T;
}

/** An object as the `aws` client reads it, the newest version or another. */
async function object(bucket: string, key: string, version?: string) {
  const path = join(folder, 'object');
  const which = ['--bucket', bucket, '--key', key, ...(version === undefined ? [] : ['--version-id', version])];
  const { VersionId } = await aws.json<{ VersionId: string }>('s3api', 'get-object', ...which, path);
  return { bytes: readFileSync(path), text: readFileSync(path, 'utf8'), version: VersionId };
}

interface Environment {
  readonly LastUpdate?: object;
  readonly RequirementsS3Path?: string;
  readonly RequirementsS3ObjectVersion?: string;
  readonly PluginsS3Path?: string;
  readonly PluginsS3ObjectVersion?: string;
  readonly AirflowConfigurationOptions?: Readonly<Record<string, string>>;
}

async function environmentOf(name: string): Promise<Environment> {
  const { Environment: found } = await aws.json<{ Environment: Environment }>(
    ...['mwaa', 'get-environment', '--name', name],
  );
  return found;
}

/** The option that the plugin of an old Airflow needs. */
const OPTIONS = ['core.lazy_load_plugins'];

/** What an environment has in force, as an update's diff tells it. */
function inForce(environment: Environment, keys: readonly string[]) {
  const { RequirementsS3Path, RequirementsS3ObjectVersion, PluginsS3Path, PluginsS3ObjectVersion } = environment;
  const option = (key: string) => [key, environment.AirflowConfigurationOptions?.[key] ?? null] as const;
  return {
    requirements: { path: RequirementsS3Path, versionId: RequirementsS3ObjectVersion },
    plugins: PluginsS3Path === undefined ? null : { path: PluginsS3Path, versionId: PluginsS3ObjectVersion },
    options: Object.fromEntries(keys.map(option)),
  };
}

/** The files of a plugins.zip as the plan's diff lists them. */
async function listing(bucket: string, key: string, version?: string): Promise<string> {
  const files = Object.entries(unzipSync((await object(bucket, key, version)).bytes));
  return files
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([path, { length }]) => `${path}  ${length} bytes\n`)
    .join('');
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
      const now = inForce(await environmentOf(resource), OPTIONS);
      const put = { versionId: '(the version that is put)' };
      return { ...now, requirements: { ...now.requirements, ...put }, plugins: { ...now.plugins, ...put } };
    }
    case 'airflow-options': {
      const { AirflowConfigurationOptions: options = {} } = await environmentOf(environment);
      return resource
        .split(', ')
        .map((key) => `${key} = ${options[key] ?? '(not set)'}\n`)
        .join('');
    }
    case 'plugins':
      return listing(bucket, resource);
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

/** Sets the environment back to one of the last Airflows that find virtualenv by a plugin alone. */
function older(): void {
  const settings = region.region.mwaa.environment('data-prod')?.settings;
  if (settings !== undefined) Object.assign(settings, { airflowVersion: '2.6.3' });
}

interface Wanted {
  readonly mode: string;
  readonly name: string;
  readonly options: readonly string[];
  readonly confirmed: readonly string[];
  /** What the update of the environment has to bring. */
  readonly brings: readonly string[];
  readonly given?: () => void;
}

test.each<Wanted>([
  { mode: 'ecs', name: 'data-prod', options: FRESH, confirmed: [], brings: [] },
  { mode: 'python', name: 'data-prod', options: [], confirmed: ['--confirm', 'data-prod'], brings: ['requirements'] },
  { mode: 'virtualenv', name: 'legacy', options: [], confirmed: [], brings: [] },
  {
    ...{ mode: 'virtualenv', name: 'data-prod', options: [], confirmed: ['--confirm', 'data-prod'] },
    ...{ brings: ['options', 'plugins'], given: older },
  },
])('the aws client finds what a plan of $mode mode in $name said, and as much in its undo', async (wanted) => {
  const { mode, name, options, confirmed, brings, given } = wanted;
  given?.();
  const bucket = `mwaa-${name}-123456789012`;
  const before = await environmentOf(name);
  const pinned = inForce(before, OPTIONS);
  const { path = '', versionId } = pinned.requirements;
  const { plugins } = pinned;
  const was: Readonly<Record<string, string>> = {
    requirements: (await object(bucket, path, versionId)).text,
    plugins: plugins === null ? '' : await listing(bucket, plugins.path, plugins.versionId),
    'environment-update': canonicalJson(
      Object.fromEntries(Object.entries(pinned).filter(([part]) => brings.includes(part))),
    ),
    'airflow-options': OPTIONS.map((key) => `${key} = (not set)\n`).join(''),
  };
  const words = [name, '--mode', mode, '--pipeline', pipeline, '--dag-id', `by_${mode}`, ...options];
  const { steps } = await told<{ steps: Step[] }>('plan', ...words);
  const files = steps.map(({ kind }) => kind).filter((kind) => kind === 'requirements' || kind === 'plugins');
  expect(files).toEqual(brings.filter((part) => part !== 'options'));
  expect(await told('deploy', ...words, ...confirmed, '--yes')).toMatchObject({ state: 'done' });
  for (const step of steps.filter(({ kind }) => kind !== 'probe')) {
    const is = await found(step, name);
    if (step.diff === '') continue;
    const said = applyPatch(was[step.kind] ?? '', step.diff);
    if (said === false) throw new Error(`${step.id}: its diff does not fit what was there.`);
    if (typeof is === 'string') expect(is, step.id).toBe(said);
    else expect(is, step.id).toMatchObject(parse(said));
  }
  const held = inForce(await environmentOf(name), OPTIONS);
  for (const part of ['requirements', 'plugins'] as const) {
    const file = brings.includes(part) ? held[part] : null;
    if (file?.path !== undefined) expect(file.versionId, part).toBe((await object(bucket, file.path)).version);
  }
  // Every option that the plan does not name is as it was.
  const { AirflowConfigurationOptions: now } = await environmentOf(name);
  expect(now).toMatchObject(before.AirflowConfigurationOptions ?? {});
  expect(await told('undo', name, ...confirmed, '--yes')).toMatchObject({ state: 'undone' });
  const after = await environmentOf(name);
  const fields = ({ LastUpdate: _, ...rest }: Environment) => rest;
  if (plugins === null && after.PluginsS3Path !== undefined) {
    // MWAA has no "unset".
    expect(await listing(bucket, after.PluginsS3Path, after.PluginsS3ObjectVersion)).toBe('');
    const { PluginsS3Path: _, PluginsS3ObjectVersion: __, ...rest } = after;
    expect(fields(rest)).toEqual(fields(before));
  } else expect(fields(after)).toEqual(fields(before));
  for (const step of steps.filter(({ kind }) => kind === 'dag' || kind === 'role-policy')) {
    await expect(found(step, name)).rejects.toThrow(/NoSuch/);
  }
  expect(aws.problems()).toEqual([]);
});
