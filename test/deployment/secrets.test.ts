import { expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { deploymentSummary } from '../../src/deployment/summary.ts';
import { planUndo } from '../../src/deployment/undo.ts';
import { regionForAll } from '../support/given-region.ts';
import { CANARY, redshiftPipeline } from '../support/pipelines.ts';
import type { VirtualRegion } from '../support/virtual-region.ts';
import { apply, journals, plan, resume, undoPlanned } from './bench.ts';
import { kill } from './disturb.ts';

const signal = new AbortController().signal;
const BUCKET = 'mwaa-data-prod-123456789012';
let region: VirtualRegion;
let session: Session;

regionForAll((given) => {
  ({ region, session } = given);
});

/** Every version of every object that a deployment may have written, but the user's own files. */
function written(): string {
  const bucket = region.running.region.s3.buckets().find(({ name }) => name === BUCKET);
  const keys = (bucket?.keys() ?? []).filter((key) => key !== 'requirements.txt' && key !== 'plugins.zip');
  return keys.map((key) => region.running.region.s3.object(BUCKET, key)?.body.toString('utf8')).join('\n');
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
    const planned = await plan(session, region, { mode, text, options: { dagId: mode } });
    out.push(planned.plan);
    const killed = kill(12);
    const target = { ...planned.target, session: await region.open(killed.interference) };
    await Promise.race([apply({ ...planned, target }), killed.dead]);
    const resumed = await resume(session);
    expect(resumed.outcome?.failure?.stack).toBeUndefined();
    out.push(resumed);
    const failing = await plan(session, region, { mode, text: text.replace('^pg_', '^x_'), options: { dagId: mode } });
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
  expect(written()).not.toContain(CANARY);
  const { iam, ecs } = region.running.region;
  const policies = iam.roles().flatMap((role) => [...role.inline.values()]);
  expect(JSON.stringify([policies, ecs.definitions()])).not.toContain(CANARY);
  // The search would find one: the configuration is where it has to be.
  expect(region.running.region.secrets.value('mwaa-console/data-prod/ecs')).toContain(CANARY);
});
