import fc from 'fast-check';
import { expect } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { redshiftPipeline } from '../support/pipelines.ts';
import type { VirtualRegion } from '../support/virtual-region.ts';
import { apply, plan, settle, type Wanted } from './bench.ts';

const BUCKET = 'mwaa-data-prod-123456789012';

/** What somebody may have done to an ingestion behind our back. */
const meddling = (session: Session): Readonly<Record<string, () => Promise<unknown>>> => ({
  nothing: async () => {},
  'secret deleted': () =>
    session.secretsManager.deleteSecret({ SecretId: 'mwaa-console/data-prod/any', RecoveryWindowInDays: 7 }),
  'secret changed': () =>
    session.secretsManager.putSecretValue({ SecretId: 'mwaa-console/data-prod/any', SecretString: '{}' }),
  'policy gone': () =>
    session.iam.deleteRolePolicy({ RoleName: 'mwaa-data-prod-role', PolicyName: 'mwaa-console-any' }),
  'policy changed': () =>
    session.iam.putRolePolicy({
      RoleName: 'mwaa-data-prod-role',
      PolicyName: 'mwaa-console-any',
      PolicyDocument: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}',
    }),
  'DAG gone': () => session.s3.deleteObject({ Bucket: BUCKET, Key: 'dags/any.py' }),
  'DAG changed': () => session.s3.putObject({ Bucket: BUCKET, Key: 'dags/any.py', Body: 'from airflow import DAG\n' }),
  'record gone': () => session.s3.deleteObject({ Bucket: BUCKET, Key: 'mwaa-console/data-prod/ingestions/any.json' }),
  'requirements put, not in force': () =>
    session.s3.putObject({ Bucket: BUCKET, Key: 'requirements.txt', Body: 'requests==2.32.3\n' }),
  'constraints gone': () =>
    session.s3.deleteObject({ Bucket: BUCKET, Key: 'dags/constraints-airflow-2.10.3-openmetadata-1.12.txt' }),
});

const MODES = ['ecs', 'virtualenv', 'python'] as const;

/**
 * From random states (deployed in some mode, then meddled with) to random wanted states of any mode: what is planned is
 * applied, and its second plan is empty. The same `seed` makes the same states.
 */
export async function reachAnyState(region: VirtualRegion, { numRuns, seed }: { numRuns: number; seed: number }) {
  const session = await region.open();
  const meddle = meddling(session);
  const wanted = fc.record({
    mode: fc.constantFrom(...MODES),
    excludes: fc.constantFrom('^tmp_.*', '^pg_.*'),
    schedule: fc.constantFrom(undefined, '@daily', '0 4 * * *'),
    memory: fc.constantFrom(undefined, 4096, 8192),
    cluster: fc.constantFrom(undefined, 'elsewhere'),
    extras: fc.constantFrom(undefined, ['snowflake']),
  });
  const step = fc.record({ wanted, meddled: fc.subarray(Object.keys(meddle), { maxLength: 3 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 3 }), async (steps) => {
      for (const { wanted: next, meddled } of steps) {
        // What is not there can't be meddled with.
        for (const name of meddled) await meddle[name]?.().catch(() => {});
        await settle(region);
        const { mode, excludes, schedule, memory, cluster, extras } = next;
        const asked: Wanted = {
          mode,
          text: redshiftPipeline(region.url, { excludes }),
          options: {
            dagId: 'any',
            ...(schedule && { schedule }),
            ...(mode === 'ecs' && memory && { memory }),
            ...(mode === 'ecs' && cluster && { cluster }),
            ...(mode !== 'ecs' && extras && { extras }),
          },
        };
        const { outcome } = await apply(await plan(session, region, asked));
        expect(outcome.failure?.stack).toBeUndefined();
        expect((await plan(session, region, asked)).plan.steps.map(({ id, diff }) => [id, diff])).toEqual([]);
      }
    }),
    { numRuns, seed },
  );
}
