import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { applyPlan } from '../../src/deployment/apply.ts';
import type { ApplyEvent, ApplyOutcome } from '../../src/deployment/carry-out.ts';
import { readJournals } from '../../src/deployment/journal.ts';
import { type Planned, planDeployment } from '../../src/deployment/plan.ts';
import { readEnvironment } from '../../src/fleet/environments.ts';
import { readIngestion } from '../../src/fleet/ingestions.ts';
import { CANARY, redshiftPipeline } from '../support/pipelines.ts';
import { type TestRegion, testRegion } from '../support/region.ts';

const ENVIRONMENT = 'data-prod';
const signal = AbortSignal.timeout(300_000);

let region: TestRegion;
let session: Session;

beforeAll(async () => {
  region = await testRegion(120);
  session = await region.open();
}, 60_000);

afterAll(() => region.close());

function plan(text: string, options = {}): Promise<Planned> {
  return planDeployment(
    session,
    { environment: ENVIRONMENT, mode: 'ecs', pipelineText: text, pipelineFile: 'redshift.yaml', options },
    signal,
  );
}

async function apply({ plan: wanted, target }: Planned): Promise<{ outcome: ApplyOutcome; events: ApplyEvent[] }> {
  const events: ApplyEvent[] = [];
  const run = applyPlan(wanted, target, { who: 'arn:aws:iam::123456789012:user/test' }, signal);
  for (;;) {
    const next = await run.next();
    if (next.done) return { outcome: next.value, events };
    events.push(next.value);
  }
}

describe('an ingestion by the ECS operator', () => {
  test('is planned, deployed, planned again with nothing to do, changed and deployed again', {
    timeout: 300_000,
  }, async () => {
    const first = await plan(redshiftPipeline(region.url));
    expect(first.plan.steps.map(({ id }) => id)).toEqual([
      'secret',
      'policy-environment',
      'policy-execution',
      'task-definition',
      'dag',
      'airflow',
      'unpause',
    ]);
    expect(first.plan.checks.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
    expect(JSON.stringify(first.plan)).not.toContain(CANARY);

    const { outcome, events } = await apply(first);
    expect(outcome).toMatchObject({ state: 'done' });
    expect(events.filter((event) => event.type === 'step' && event.state === 'done')).toHaveLength(7);

    const environment = await readEnvironment(session, ENVIRONMENT, signal);
    expect(await readIngestion(session, environment, 'redshift_ingestion', signal)).toMatchObject({
      mode: 'ecs',
      openmetadataVersion: '1.12.8',
      cluster: 'openmetadata-ingestion',
      deploymentId: outcome.deployment,
    });
    expect((await plan(redshiftPipeline(region.url))).plan.steps).toEqual([]);

    const changed = await plan(redshiftPipeline(region.url, { excludes: '^tmp_.*' }));
    expect(changed.plan.steps.map(({ id, action }) => `${action} ${id}`)).toEqual(['update secret']);
    expect(changed.plan.steps[0]?.diff).toContain('^tmp_.*');
    expect((await apply(changed)).outcome.state).toBe('done');
    expect((await plan(redshiftPipeline(region.url, { excludes: '^tmp_.*' }))).plan.steps).toEqual([]);

    const all = await readJournals({ session, bucket: environment.sourceBucket }, ENVIRONMENT, 10, signal);
    const journals = all.filter(({ dagId }) => dagId === changed.plan.dagId);
    expect(journals.map(({ state }) => state)).toEqual(['done', 'done']);
    expect(JSON.stringify(journals)).not.toContain(CANARY);
    const { SecretString } = await session.secretsManager.getSecretValue(
      { SecretId: 'mwaa-console/data-prod/redshift_ingestion' },
      { signal },
    );
    expect(SecretString).toContain(`${CANARY}-password`);
  });

  test('is refused while somebody else holds the lock, who is named', { timeout: 120_000 }, async () => {
    const [one, other] = [
      await plan(redshiftPipeline(region.url), { dagId: 'one' }),
      await plan(redshiftPipeline(region.url), { dagId: 'other' }),
    ];
    const running = applyPlan(one.plan, one.target, { who: 'first@example.com' }, signal);
    await running.next();
    await expect(apply(other)).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('first@example.com'),
    });
    await running.return({ deployment: '', state: 'failed' });
    const again = await plan(redshiftPipeline(region.url), { dagId: 'other' });
    expect((await apply(again)).outcome.state).toBe('done');
  });

  test('that fails at a step says which and why, and its journal says so too', { timeout: 120_000 }, async () => {
    const planned = await plan(redshiftPipeline(region.url), { dagId: 'fails' });
    await region.fault({ service: 'iam', operation: 'PutRolePolicy', nth: 1, fault: 'denied' });
    const { outcome } = await apply(planned);
    expect(outcome).toMatchObject({ state: 'failed', failure: { kind: 'denied', action: 'iam:PutRolePolicy' } });
    const environment = await readEnvironment(session, ENVIRONMENT, signal);
    const [journal] = await readJournals({ session, bucket: environment.sourceBucket }, ENVIRONMENT, 1, signal);
    expect(journal?.steps.map(({ id, state }) => `${id} ${state}`).slice(0, 3)).toEqual([
      'secret done',
      'policy-environment failed',
      'policy-execution planned',
    ]);
  });
});

describe('a plan', () => {
  test('asks the pipeline for its version, or says that it needs one', async () => {
    const mute = redshiftPipeline('http://127.0.0.1:9');
    await expect(plan(mute)).rejects.toMatchObject({
      kind: 'usage',
      advice: expect.stringContaining('--openmetadata-version'),
    });
    const { plan: named } = await plan(mute, { openmetadataVersion: '1.12.8' });
    expect(named.checks.find(({ id }) => id === 'openmetadata-version')?.verdict).toBe('unknown');
  });

  test('tells a version that the server would refuse', async () => {
    const { plan: other } = await plan(redshiftPipeline(region.url), { openmetadataVersion: '1.11.0' });
    expect(other.checks.find(({ id }) => id === 'openmetadata-version')?.verdict).toBe('fail');
    await expect(
      apply({ plan: other, target: (await plan(redshiftPipeline(region.url))).target }),
    ).rejects.toMatchObject({
      kind: 'refused',
    });
  });

  test('names cluster, log group and roles that have to be made', async () => {
    const { plan: fresh } = await plan(redshiftPipeline(region.url), {
      cluster: 'new-cluster',
      logGroup: '/ecs/new-cluster',
      executionRole: 'new-execution',
      taskRole: 'new-task',
      dagId: 'elsewhere',
    });
    expect(fresh.steps.filter(({ shared }) => shared).map(({ resource }) => resource)).toEqual([
      '/ecs/new-cluster',
      'new-execution',
      'new-task',
      'new-cluster',
    ]);
  });
});
