import fc from 'fast-check';
import { expect } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import type { EcsTarget, IngestionMode } from '../../src/ingestion/request.ts';
import { Failure } from '../../src/text/failure.ts';
import { redshiftPipeline } from '../support/pipelines.ts';
import type { VirtualRegion } from '../support/virtual-region.ts';
import { apply, plan, settle, type Wanted } from './bench.ts';

const BUCKET = 'mwaa-data-prod-123456789012';

/** What an ingestion is wanted to be. */
interface State {
  readonly mode: IngestionMode;
  readonly excludes: string;
  readonly schedule: string | undefined;
  readonly memory: number | undefined;
  readonly cluster: string | undefined;
  readonly extras: readonly string[] | undefined;
}

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
  let last: IngestionMode | undefined;
  // Modes whose record somebody took away: what they needed stays, since nothing tells whose it is.
  const orphaned = new Set<IngestionMode>();
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
        if (meddled.includes('record gone') && last !== undefined) orphaned.add(last);
        for (const name of meddled) {
          await meddle[name]?.().catch((error: unknown) => {
            // What is not there, or not there any more, can't be meddled with.
            if (!(error instanceof Failure) || !['not-found', 'invalid-request'].includes(error.kind)) throw error;
          });
        }
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
        const planned = await plan(session, region, asked);
        const { outcome } = await apply(planned);
        expect(outcome.failure?.stack).toBeUndefined();
        await settle(region);
        last = mode;
        orphaned.delete(mode);
        expectReached(region, next, planned.target.request.ecs, orphaned);
        expect((await plan(session, region, asked)).plan.steps.map(({ id, diff }) => [id, diff])).toEqual([]);
      }
    }),
    { numRuns, seed },
  );
}

/**
 * That a region holds what was wanted, looked up in it piece by piece: a second plan that is empty tells only that the
 * product finds nothing to do. What was left out stays as it was before, so only what was asked for is held.
 */
function expectReached(
  { running }: VirtualRegion,
  wanted: State,
  ecs: EcsTarget | undefined,
  orphaned: ReadonlySet<IngestionMode>,
): void {
  const { secrets, s3, iam, mwaa, ecs: cluster } = running.region;
  expect(secrets.value('mwaa-console/data-prod/any')).toContain(wanted.excludes);
  const dag = s3.object(BUCKET, 'dags/any.py')?.body.toString('utf8') ?? '';
  expect(dag).toContain('dag_id="any"');
  expect(dag).toContain(
    { ecs: 'EcsRunTaskOperator', python: 'PythonOperator', virtualenv: 'PythonVirtualenvOperator' }[wanted.mode],
  );
  if (wanted.schedule !== undefined) expect(dag).toContain(`"${wanted.schedule}"`);
  expect(
    mwaa
      .airflow('data-prod')
      ?.dags()
      .find(({ definition }) => definition.dagId === 'any'),
  ).toMatchObject({
    active: true,
    paused: false,
    hasImportErrors: false,
  });
  const policy =
    iam
      .roles()
      .find(({ name }) => name === 'mwaa-data-prod-role')
      ?.inline.get('mwaa-console-any') ?? '';
  expect(policy).toContain(wanted.mode === 'ecs' ? 'ecs:RunTask' : 'secretsmanager:GetSecretValue');
  expect(policy).not.toContain('s3:*');
  const { requirements } = mwaa.environment('data-prod')?.settings ?? {};
  const inForce = requirements && s3.object(BUCKET, requirements.path, requirements.version)?.body.toString('utf8');
  const [line] = /^openmetadata-ingestion\[.*$/m.exec(inForce ?? '') ?? [];
  if (wanted.mode === 'python') {
    expect(line).toContain('~=1.12.8');
    for (const extra of wanted.extras ?? []) expect(line).toContain(extra);
  } else if (!orphaned.has('python')) expect(line).toBeUndefined();
  const live = cluster.definitions().filter(({ family, status }) => family === 'data-prod-any' && status === 'ACTIVE');
  if (wanted.mode !== 'ecs') {
    if (!orphaned.has('ecs')) expect(live).toEqual([]);
    return;
  }
  const newest = live.at(-1);
  const [container] = newest?.containers ?? [];
  expect(newest).toMatchObject({ cpu: String(ecs?.cpu), memory: String(ecs?.memory), networkMode: 'awsvpc' });
  if (wanted.memory !== undefined) expect(newest?.memory).toBe(String(wanted.memory));
  expect(container?.image).toMatch(/:1\.12\.8$/);
  expect(container?.secrets.map(({ valueFrom }) => valueFrom).join()).toContain('secret:mwaa-console/data-prod/any-');
  expect(container?.awslogs).toMatchObject({ 'awslogs-group': ecs?.logGroup });
  expect(dag).toContain(wanted.cluster ?? ecs?.cluster);
}
