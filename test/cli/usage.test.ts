import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { command } from '../support/command.ts';

let folder: string;
let env: NodeJS.ProcessEnv;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mwaa-console-cli-'));
  env = {
    HOME: folder,
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
  };
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('usage', () => {
  test('version and help go to standard output', async () => {
    expect(await command(['--version'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      stderr: '',
    });
    const help = await command(['--help']);
    expect(help.code).toBe(0);
    for (const verb of ['dashboard', 'deploy', 'logs', 'run', 'connection', 'doctor', 'demo'])
      expect(help.stdout).toContain(verb);
  });

  test.each([
    [['nonsense']],
    [['dashboard', '--nonsense']],
    [['logs']],
    [['plan', 'data-prod']],
    [['plan', 'data-prod', '--mode', 'docker', '--pipeline', 'x.yaml']],
    [
      [
        'generate',
        '--mode',
        'ecs',
        '--pipeline',
        'x.yaml',
        '--out',
        'x',
        '--airflow-version',
        '2.10.3',
        '--cpu',
        'many',
      ],
    ],
    [['--demo', '--speed', '0', 'dashboard']],
  ])('%j ends with 2 and says what to try', async (argv) => {
    const ended = await command(argv, env);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(/^Error: .+\n {2}\S/);
  });
});

describe('signing in', () => {
  test('no credentials at all: exit 4, nothing on standard output', async () => {
    const ended = await command(['--region', 'eu-west-1', 'dashboard', '-o', 'json'], env);
    expect(ended).toMatchObject({ code: 4, stdout: '' });
    expect(ended.stderr).toContain('Error:');
  });

  test('an unknown profile names those that there are', async () => {
    writeFileSync(join(folder, 'config'), '[profile night]\nregion = eu-west-1\n');
    const ended = await command(['--profile', 'nihgt', 'envs'], env);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain('night');
  });

  test('an expired SSO session names the profile and the command that signs in', async () => {
    writeFileSync(
      join(folder, 'config'),
      `[profile night]
region = eu-west-1
sso_session = corp
sso_account_id = 123456789012
sso_role_name = OnCall

[sso-session corp]
sso_region = eu-west-1
sso_start_url = https://example.awsapps.com/start
`,
    );
    const cache = join(folder, '.aws', 'sso', 'cache');
    mkdirSync(cache, { recursive: true });
    const token = {
      accessToken: 'x',
      expiresAt: '2020-01-01T00:00:00Z',
      startUrl: 'https://example.awsapps.com/start',
    };
    writeFileSync(join(cache, `${createHash('sha1').update('corp').digest('hex')}.json`), JSON.stringify(token));
    const ended = await command(['--profile', 'night', 'envs'], env);
    expect(ended).toMatchObject({ code: 4, stdout: '' });
    expect(ended.stderr).toContain('aws sso login --profile night');
  });

  test('an endpoint where nobody answers: exit 1, and what to check', async () => {
    const keys = { ...env, AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_REGION: 'eu-west-1' };
    const ended = await command(['--endpoint-url', 'http://127.0.0.1:9', 'dashboard'], keys);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toContain('127.0.0.1:9');
  });

  test('the doctor ends as what it finds: 4 without credentials, 1 where nobody answers', async () => {
    expect(await command(['--region', 'eu-west-1', 'doctor'], env)).toMatchObject({ code: 4, stderr: '' });
    const keys = { ...env, AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_REGION: 'eu-west-1' };
    const ended = await command(['--endpoint-url', 'http://127.0.0.1:9', 'doctor'], keys);
    expect(ended).toMatchObject({ code: 1, stdout: expect.stringMatching(/^fail .*127\.0\.0\.1:9/m), stderr: '' });
  });
});

describe('generate', () => {
  const pipeline = `source:
  type: redshift
  serviceName: redshift_prod
  serviceConnection:
    config: {type: Redshift, username: om, authType: {password: canary-5b1f}, hostPort: 'r:5439', database: dev}
  sourceConfig:
    config: {type: DatabaseMetadata}
sink: {type: metadata-rest, config: {}}
workflowConfig:
  openMetadataServerConfig:
    hostPort: https://openmetadata.example.com/api
    authProvider: openmetadata
    securityConfig: {jwtToken: canary-77aa}
`;

  test('writes the files of the ECS mode, the secret for its owner alone', async () => {
    const file = join(folder, 'redshift.yaml');
    writeFileSync(file, pipeline);
    const out = join(folder, 'out');
    const ended = await command(
      [
        'generate',
        '--mode',
        'ecs',
        '--airflow-version',
        '2.10.3',
        '--openmetadata-version',
        '1.12.8',
        '--pipeline',
        file,
        '--out',
        out,
      ],
      env,
    );
    expect(ended.stderr).not.toContain('Error');
    expect(ended.code).toBe(0);
    const files = readdirSync(out, { recursive: true })
      .map(String)
      .filter((name) => statSync(join(out, name)).isFile());
    expect(files).toEqual(
      expect.arrayContaining([
        'dags/redshift_metadata.py',
        'task-definition.json',
        'secret.json',
        'policies/mwaa-execution-role.json',
      ]),
    );
    expect(statSync(join(out, 'secret.json')).mode & 0o777).toBe(0o600);
    for (const name of files) {
      const holds = readFileSync(join(out, name), 'utf8').includes('canary');
      expect(holds, name).toBe(name === 'secret.json');
    }
  });

  test('the modes on the workers are written too; one that does not fit is refused with its reason', async () => {
    const file = join(folder, 'redshift.yaml');
    writeFileSync(file, pipeline);
    const generate = async (mode: string, openmetadataVersion: string) => {
      const out = join(folder, `${mode}-${openmetadataVersion}`);
      const where = ['--airflow-version', '2.10.3', '--openmetadata-version', openmetadataVersion];
      const ended = await command(['generate', '--mode', mode, ...where, '--pipeline', file, '--out', out], env);
      return { ...ended, out };
    };
    for (const mode of ['python', 'virtualenv']) {
      const { code, out, stderr } = await generate(mode, '1.12.8');
      expect(stderr).not.toContain('Error');
      expect(code).toBe(0);
      expect(readFileSync(join(out, 'dags/redshift_metadata.py'), 'utf8')).toContain(
        mode === 'python' ? ' PythonOperator(' : ' PythonVirtualenvOperator(',
      );
    }
    const refused = await generate('python', '2.0.8');
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(refused.stderr).toContain('MWAA pins SQLAlchemy 1.4.54');
    expect(existsSync(refused.out)).toBe(false);
  });
});
