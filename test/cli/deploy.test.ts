import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { command } from '../support/command.ts';
import { redshiftPipeline } from '../support/pipelines.ts';
import { type TestRegion, testRegion } from '../support/region.ts';

let region: TestRegion;
const folder = mkdtempSync(join(tmpdir(), 'deploy-'));
const pipeline = join(folder, 'redshift.yaml');
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  region = await testRegion(20);
  writeFileSync(pipeline, redshiftPipeline(region.url));
  const keys = { AWS_ACCESS_KEY_ID: 'AKIADEMOADMIN0000000', AWS_SECRET_ACCESS_KEY: 'demo' };
  env = { ...keys, AWS_ENDPOINT_URL: region.url, AWS_REGION: 'eu-west-1', HOME: folder };
});
afterAll(async () => {
  await region.close();
  rmSync(folder, { recursive: true, force: true });
});

const wanted = (dagId: string, mode = 'ecs') => [
  ...['data-prod', '--mode', mode, '--pipeline', pipeline, '--dag-id', dagId, '--openmetadata-version', '1.12.8'],
  ...['--yes', '--confirm', 'data-prod'],
];

interface Journal {
  readonly state: string;
  readonly steps: readonly { readonly id: string; readonly state: string; readonly error?: string }[];
}

async function newest(): Promise<Journal | undefined> {
  const { stdout } = await command(['deployments', 'data-prod', '-o', 'json'], env);
  return (JSON.parse(stdout) as Journal[])[0];
}

const error = (code: string, message: string) => ({ kind: 'error', status: 400, code, message });

test.each([
  {
    what: 'that may not hand its roles on',
    mode: 'ecs',
    fault: { service: 'ecs', operation: 'RegisterTaskDefinition' },
    with: error('AccessDeniedException', 'User: x is not authorized to perform: iam:PassRole on resource: y'),
    step: 'task-definition',
    why: /iam:PassRole/,
  },
  {
    what: 'whose update of the environment is refused',
    mode: 'python',
    fault: { service: 'airflow', operation: 'UpdateEnvironment' },
    with: error('ValidationException', 'Nothing of the kind is possible.'),
    step: 'environment-update',
    why: /Nothing of the kind is possible/,
  },
])(
  'a deployment $what ends with 1: step, reason and advice stand there and in the journal; it is taken back',
  async (one) => {
    await region.fault({ ...one.fault, fault: one.with });
    const { code, stderr } = await command(['deploy', ...wanted('fails', one.mode)], env);
    expect(code, stderr).toBe(1);
    const lines = stderr.trimEnd().split('\n');
    expect(lines.find((line) => / failed /.test(line))).toMatch(new RegExp(`failed +${one.step} .*${one.why.source}`));
    const [message, advice] = lines.slice(lines.findIndex((line) => line.startsWith('Error: ')));
    expect(message).toMatch(one.why);
    expect(advice).toMatch(/^ {2}\S/);
    const journal = await newest();
    expect(journal?.state).toBe('failed');
    expect(journal?.steps.find(({ state }) => state === 'failed')).toMatchObject({ id: one.step });
    const back = await command(['undo', 'data-prod', '--yes', '--confirm', 'data-prod'], env);
    expect(back.code, back.stderr).toBe(0);
    expect((await newest())?.state).toBe('undone');
  },
);

test('of two deployments at the same time one ends with 3, and says who is at work since when', async () => {
  const ends = await Promise.all(['first', 'second'].map((dagId) => command(['deploy', ...wanted(dagId)], env)));
  expect(ends.map(({ code }) => code).sort()).toEqual([0, 3]);
  const refused = ends.find(({ code }) => code === 3);
  expect(refused?.stderr).toMatch(/Error: \S+OnCall\/demo on \S+ .*(has been working on|deploying) .*\d+s/);
});
