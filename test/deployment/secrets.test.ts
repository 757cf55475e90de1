import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { bugReport } from '../../src/cli/bug.ts';
import { deploymentSummary } from '../../src/deployment/summary.ts';
import { planUndo } from '../../src/deployment/undo.ts';
import { resolveRun } from '../../src/tasks/resolve.ts';
import { runTask } from '../../src/tasks/run.ts';
import { regionForAll } from '../support/given-region.ts';
import { CANARY, redshiftPipeline } from '../support/pipelines.ts';
import type { VirtualRegion } from '../support/virtual-region.ts';
import { apply, journals, plan, resume, undoPlanned } from './bench.ts';
import { kill } from './disturb.ts';

const signal = new AbortController().signal;
const BUCKET = 'mwaa-data-prod-123456789012';
/** Stands for the ingestion's image: writes down what anybody on its machine can read of its process. */
const IMAGE = 'registry.example.com/openmetadata/ingestion:1.12.8';
const PROGRAM = `
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
const shown = [...process.argv, ...process.execArgv, process.title];
if (process.platform === 'linux') shown.push(readFileSync('/proc/self/cmdline', 'utf8'));
writeFileSync(process.argv[2] + '.part', JSON.stringify({ shown, environment: process.env }));
renameSync(process.argv[2] + '.part', process.argv[2]);
`;
const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
const program = join(folder, 'program.mjs');
const dump = join(folder, 'dump.json');
writeFileSync(program, PROGRAM);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let region: VirtualRegion;
let session: Session;

regionForAll(
  (given) => {
    ({ region, session } = given);
  },
  { [IMAGE]: `${process.execPath} ${program} ${dump}` },
);

/** Every version of every object, those that are deleted too, but of the user's own file that has a password; all logs. */
function written(): string {
  const { s3, logs, clock } = region.running.region;
  const bucket = s3.buckets().find(({ name }) => name === BUCKET);
  if (bucket === undefined) throw new Error('There is no bucket.');
  const keys = bucket.keys().filter((key) => key !== 'requirements.txt');
  const versions = keys.flatMap((key) => bucket.versions(key).map(({ body }) => body.toString('utf8')));
  // Just what was written in the time of the test: a region's past is made up.
  const [from, to] = [clock.now() - 12 * 3_600_000, clock.now() + 1];
  const events = logs
    .groups()
    .flatMap((group) => [...group.written.values()].flatMap((stream) => stream.between(from, to)));
  return [...versions, ...events.map(({ message }) => message)].join('\n');
}

test('no secret of any input is in plan, journal, summary, events, failures or anything that is deployed', {
  timeout: 120_000,
}, async () => {
  // In the pipeline, in an index of packages, in an option of Airflow.
  const requirements = `--extra-index-url https://build:${CANARY}-index@pypi.example.com/simple\nrequests\n`;
  const put = await session.s3.putObject({ Bucket: BUCKET, Key: 'requirements.txt', Body: requirements });
  const mwaa = region.running.region.mwaa.environment('data-prod');
  if (mwaa !== undefined) {
    Object.assign(mwaa.settings, {
      requirements: { path: 'requirements.txt', version: put.VersionId },
      options: { ...mwaa.settings.options, 'smtp.smtp_password': `${CANARY}-option` },
    });
  }
  const text = redshiftPipeline(region.url);
  const out: unknown[] = [];
  for (const mode of ['ecs', 'python', 'virtualenv'] as const) {
    const options = mode === 'ecs' ? { dagId: mode, image: IMAGE } : { dagId: mode };
    const planned = await plan(session, region, { mode, text, options });
    out.push(planned.plan);
    const killed = kill(12);
    const target = { ...planned.target, session: await region.open(killed.interference) };
    await Promise.race([apply({ ...planned, target }), killed.dead]);
    const resumed = await resume(session);
    expect(resumed.outcome?.failure?.stack).toBeUndefined();
    out.push(resumed);
    const failing = await plan(session, region, { mode, text: text.replace('^pg_', '^x_'), options });
    const refused = { kind: 'error', status: 400, code: 'InvalidParameterException', message: 'No.' };
    const fault = { service: 'secretsmanager', operation: 'PutSecretValue', fault: refused };
    await fetch(`${region.url}/_demo/faults`, { method: 'POST', body: JSON.stringify(fault) });
    const failed = await apply(failing);
    expect(failed.outcome.state).toBe('failed');
    out.push(failed.events, failed.outcome.failure?.stack, failed.outcome.failure);
    const undo = await planUndo(session, 'data-prod', resumed.outcome?.deployment, signal).catch((error) => error);
    out.push(undo instanceof Error ? undo.message : undo.plan);
    const back = await planUndo(session, 'data-prod', undefined, signal);
    out.push(back.plan, await undoPlanned(back));
  }
  out.push(session.calls.map(({ operation, error }) => [operation, error]));
  const all = await journals(session);
  const told = JSON.stringify([out, all, all.map(deploymentSummary)], (_, value) =>
    value instanceof Error ? [value.message, value.stack, value.cause] : value,
  );
  expect(told).not.toContain(CANARY);
  const found = written();
  expect(found).toContain('Successfully installed');
  expect(found.split('"schema": 1').length).toBeGreaterThan(60);
  expect(found).not.toContain(CANARY);
  const { iam, ecs } = region.running.region;
  const policies = iam.roles().flatMap((role) => [...role.inline.values()]);
  expect(JSON.stringify([policies, ecs.definitions()])).not.toContain(CANARY);
  // The search would find one: the configuration is where it has to be.
  expect(region.running.region.secrets.value('mwaa-console/data-prod/ecs')).toContain(CANARY);
});

test('nor in the arguments of the container, in its environment but where the secret is taken in, or in what ECS tells', async () => {
  const { taskArn } = await runTask(session, await resolveRun(session, 'data-prod', 'ecs', signal), signal);
  await region.time.clock(0).sleep(120_000);
  const text = await vi.waitFor(() => readFileSync(dump, 'utf8'), { timeout: 30_000 });
  const { shown, environment } = JSON.parse(text) as { shown: string[]; environment: Record<string, string> };
  expect(shown.join('\n')).not.toContain(CANARY);
  const holders = Object.entries(environment).filter((entry) => entry.join('=').includes(CANARY));
  expect(holders.map(([name]) => name)).toEqual(['config']);
  const described = await session.ecs.describeTasks({ cluster: taskArn.split('/')[1], tasks: [taskArn] });
  expect(described.tasks?.[0]?.overrides?.containerOverrides?.[0]?.environment).not.toEqual([]);
  expect(JSON.stringify(described)).not.toContain(CANARY);
});

test('nor in the report of a bug that happens while a secret is sent', async () => {
  const sent: string[] = [];
  const broken = await region.open({
    before: ({ operation, input }) => {
      if (operation !== 'CreateSecret') return;
      sent.push(JSON.stringify(input));
      throw Object.assign(new TypeError('x is undefined', { cause: { input } }), { input });
    },
  });
  const bug = await plan(broken, region, { options: { dagId: 'broken' } })
    .then(apply)
    .catch((error: unknown) => error);
  expect(bug).toBeInstanceOf(TypeError);
  expect(sent.join()).toContain(CANARY);
  const report = bugReport(bug).join('\n');
  expect(report).toContain('TypeError: x is undefined');
  expect(report).not.toContain(CANARY);
});
