import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { readPipeline } from '../../src/ingestion/pipeline.ts';
import { followOwnRun, removals } from '../../src/tasks/own-configuration/follow.ts';
import { folderJournal, type TemporaryJournal } from '../../src/tasks/own-configuration/journal.ts';
import { leftParts } from '../../src/tasks/own-configuration/left.ts';
import { type OwnRun, planOwnRun } from '../../src/tasks/own-configuration/plan.ts';
import { removeTemporary, startOwnRun } from '../../src/tasks/own-configuration/temporary.ts';
import { memoryRecords } from '../../src/tasks/records/memory.ts';
import { resolveRun } from '../../src/tasks/resolve.ts';
import { regionForAll } from '../support/given-region.ts';
import { CANARY, redshiftPipeline } from '../support/pipelines.ts';
import type { Interference, VirtualRegion } from '../support/virtual-region.ts';

const never = new AbortController().signal;
/** No process has this number: Linux has at most 4,194,304. */
const GONE = 99_999_999;

let region: VirtualRegion;
let session: Session;
let folder: string;
let journal: TemporaryJournal;
regionForAll((given) => {
  ({ region, session } = given);
  folder = mkdtempSync(join(tmpdir(), 'mwaa-console-own-'));
  journal = folderJournal(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function plan(dagId = 'postgres_usage'): Promise<OwnRun> {
  const request = await resolveRun(session, 'data-prod', dagId, never);
  const pipeline = readPipeline(redshiftPipeline(`${region.url}/openmetadata/api`), 'own.yaml');
  return planOwnRun(session, request, pipeline, 'data-prod', never);
}

async function follow(own: OwnRun, taskArn: string, on: Session = session) {
  const stores = { records: memoryRecords(), journal };
  const events = followOwnRun(on, stores, { ...own.request, taskArn }, own.parts, never);
  const seen: string[] = [];
  for (;;) {
    const next = await events.next();
    if (next.done) return { result: next.value, seen };
    const event = next.value;
    seen.push(
      event.type === 'phase'
        ? event.task.lastStatus
        : event.type === 'removal'
          ? `removed ${event.removed}`
          : event.type,
    );
  }
}

/** What is left of a run in the region. */
async function remains({ parts }: OwnRun) {
  const secret = region.running.region.secrets.find(parts.secretName);
  const { taskDefinitionArns } = await session.ecs.listTaskDefinitions({ familyPrefix: parts.family }, {});
  return { secret: secret?.name, revisions: taskDefinitionArns?.length };
}

const NOTHING = { secret: undefined, revisions: 0 };

describe('a run with a configuration of its own', () => {
  test('shows what it makes, reads it by a secret, and removes both as soon as the task runs', async () => {
    const own = await plan();
    expect(own.shown.configuration).toContain('hostPort');
    expect(own.shown.diff).toMatch(/^\+.*"config": "arn:aws:secretsmanager:.*postgres_usage-/m);
    expect(JSON.stringify([own.shown, own.parts])).not.toContain(CANARY);

    const { taskArn, task } = await startOwnRun(session, journal, own, never);
    expect(task.family).toBe('data-prod-postgres_usage-run');
    expect(JSON.stringify(task.overrides.containers[0]?.environment)).toContain('pipelineRunId');
    expect(JSON.stringify(task)).not.toContain(CANARY);
    const [written = ''] = readdirSync(folder);
    expect(readFileSync(join(folder, written), 'utf8')).not.toContain(CANARY);
    expect(await remains(own)).toEqual({ secret: own.parts.secretName, revisions: 1 });

    const { result, seen } = await follow(own, taskArn);
    expect(result).toMatchObject({ exitCode: 0, ok: true });
    expect(result.logEvents).toBeGreaterThan(10);
    expect(seen.slice(0, seen.indexOf('removed true'))).not.toContain('RUNNING');
    expect(seen.filter((each) => each.startsWith('removed'))).toEqual(['removed true']);
    expect(await remains(own)).toEqual(NOTHING);
    expect(readdirSync(folder)).toEqual([]);
    // The ingestion's own family is as it was: nobody who runs its bare name gets another configuration.
    const { taskDefinition } = await session.ecs.describeTaskDefinition(
      { taskDefinition: 'data-prod-postgres_usage' },
      {},
    );
    expect(taskDefinition?.taskDefinitionArn).toBe(
      (await resolveRun(session, 'data-prod', 'postgres_usage', never)).taskDefinition,
    );
  });

  test('they are removed without following it too: where that is refused once it has read them, at its end', async () => {
    const refused = await plan();
    const started = await startOwnRun(session, journal, refused, never);
    const watched = { cluster: refused.parts.cluster, taskArn: started.taskArn };
    const texts: string[] = [];
    session.guard = { readOnly: true };
    for await (const { text } of removals(session, journal, watched, refused.parts, never)) {
      texts.push(text);
      session.guard = { readOnly: false };
    }
    expect(texts).toEqual([
      expect.stringMatching(/ is not removed: Read-only/),
      'The temporary secret and task definition are removed.',
    ]);
    expect(await remains(refused)).toEqual(NOTHING);
  });

  test('removes them too when the task never starts', async () => {
    const own = await plan();
    const request = { ...own.request, subnets: ['subnet-0a1b2c3d4e5f60021'] };
    const { taskArn } = await startOwnRun(session, journal, { ...own, request }, never);
    const { result } = await follow(own, taskArn);
    expect(result).toMatchObject({ exitCode: null, stopCode: 'TaskFailedToStart' });
    expect(await remains(own)).toEqual(NOTHING);
  });

  test('that ECS does not start leaves nothing', async () => {
    const own = await plan();
    const request = { ...own.request, cluster: 'nowhere' };
    await expect(startOwnRun(session, journal, { ...own, request }, never)).rejects.toMatchObject({
      kind: 'not-found',
    });
    expect(await remains(own)).toEqual(NOTHING);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is refused before anything is made by a read-only session, by a file that is wrong, and where nothing can be written down', async () => {
    const own = await plan();
    session.guard = { readOnly: true };
    await expect(startOwnRun(session, journal, own, never)).rejects.toMatchObject({ kind: 'refused' });
    session.guard = { readOnly: false };
    const nowhere = folderJournal(join(folder, 'missing\0'));
    await expect(startOwnRun(session, nowhere, own, never)).rejects.toMatchObject({ kind: 'failed' });
    expect(await remains(own)).toEqual(NOTHING);
    const wrong = readPipeline('source:\n  type: redshift\n', 'own.yaml');
    await expect(planOwnRun(session, own.request, wrong, 'data-prod', never)).rejects.toMatchObject({
      kind: 'invalid-input',
      message: expect.stringContaining('own.yaml'),
    });
  });
});

describe('cut off at any request', () => {
  /** Starts a run in a process that is killed at its first request of an operation. */
  async function killedAt(operation: string, when: 'before' | 'after'): Promise<OwnRun> {
    const own = await plan();
    const dead = { ...own, parts: { ...own.parts, pid: GONE } };
    let killed = false;
    const border: Interference['before'] = (request) => {
      if (killed || request.operation !== operation) return;
      killed = true;
      return new Promise(() => {});
    };
    const process = await region.open({ [when]: border });
    const run = async () => follow(dead, (await startOwnRun(process, journal, dead, never)).taskArn, process);
    await Promise.race([run(), until(() => killed)]);
    expect(killed).toBe(true);
    process.close();
    return dead;
  }

  test.each(
    [
      'CreateSecret',
      'PutResourcePolicy',
      'RegisterTaskDefinition',
      'RunTask',
      'DescribeTasks',
      'FilterLogEvents',
      'ListTaskDefinitions',
      'ListTasks',
      'DeregisterTaskDefinition',
      'DeleteSecret',
    ].flatMap((operation) => [[operation, 'before'] as const, [operation, 'after'] as const]),
  )('%s, %s it is answered, the next start removes what is there', async (operation, when) => {
    const own = await killedAt(operation, when);
    const left = (await leftParts(session, journal, never)).map(({ id }) => id);
    // The log is read beside the removal, which may have ended by then.
    if (operation !== 'FilterLogEvents' || left.length > 0) expect(left).toEqual([own.parts.id]);
    for (let tries = 0; (await removeTemporary(session, journal, own.parts, never)) === 'starting'; tries += 1) {
      expect(tries).toBeLessThan(60);
      await session.clock.sleep(10_000);
    }
    expect(await remains(own)).toEqual(NOTHING);
    expect(readdirSync(folder)).toEqual([]);
    const { taskArns = [] } = await session.ecs.listTasks({ cluster: own.parts.cluster, family: own.parts.family }, {});
    const tasks = await session.ecs
      .describeTasks({ cluster: own.parts.cluster, tasks: taskArns.slice(0, 100) }, {})
      .catch(() => undefined);
    expect(
      (tasks?.tasks ?? []).filter(({ overrides }) =>
        JSON.stringify(overrides).includes(own.request.pipelineRunId ?? '-'),
      ).length,
    ).toBeLessThan(2);
  });

  test('a run that is carried on, here or elsewhere, is not taken for one', async () => {
    const own = await plan();
    await journal.begin(own.parts);
    expect(await leftParts(session, journal, never)).toEqual([]);
    await journal.begin({ ...own.parts, host: 'another-machine', pid: GONE });
    expect(await leftParts(session, journal, never)).toEqual([]);
    await journal.begin({ ...own.parts, host: 'another-machine', startedAt: session.clock.now() - 25 * 3_600_000 });
    expect(await leftParts(session, journal, never)).toHaveLength(1);
    await journal.begin({ ...own.parts, pid: GONE, account: '999999999999' });
    expect(await leftParts(session, journal, never)).toEqual([]);
    await journal.end(own.parts.id);
  });

  test('the answer to a registration that is lost makes no second revision', async () => {
    const own = await plan();
    const fault = { service: 'ecs', operation: 'RegisterTaskDefinition', times: 1, fault: 'cut' };
    await fetch(`${region.url}/_demo/faults`, { method: 'POST', body: JSON.stringify(fault) });
    const { taskArn } = await startOwnRun(session, journal, own, never);
    expect((await remains(own)).revisions).toBe(1);
    await follow(own, taskArn);
    expect(await remains(own)).toEqual(NOTHING);
  });
});

/** Resolves once `holds`, looked at each turn of the event loop. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
