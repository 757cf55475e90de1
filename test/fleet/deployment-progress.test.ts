import { describe, expect, it } from 'vitest';
import { type DeploymentProgress, readDeploymentProgress } from '../../src/fleet/deployment-progress.ts';
import { environmentFrom } from '../../src/fleet/environment.ts';
import { deploymentCell, environmentAttention, environmentColumns } from '../../src/fleet/environment-columns.ts';
import { Failure } from '../../src/text/failure.ts';
import { fakeSession, NOON, quiet } from './fake-session.ts';

const place = { name: 'analytics', sourceBucket: 'mwaa-analytics' };
const folder = 'mwaa-console/analytics/deployments/';

function journal(id: string, dagId: string, state: string, done: number): [string, string] {
  const steps = Array.from({ length: 6 }, (_, index) => ({ state: index < done ? 'done' : 'planned' }));
  return [`${folder}${id}.json`, JSON.stringify({ schema: 1, id, dagId, state, startedAt: NOON - 5000, steps })];
}

function read(journals: readonly [string, string][], lock?: { deployment: string; age: number }) {
  const objects = new Map(journals);
  const { session, calls } = fakeSession({
    s3: {
      listObjectsV2: ({ StartAfter }) => ({
        Contents: [...objects.keys()]
          .filter((key) => key > String(StartAfter))
          .map((Key) => ({ Key, ETag: objects.get(Key) })),
      }),
      getObject: ({ Key }) => {
        const isLock = String(Key).endsWith('/lock.json');
        const body = isLock
          ? JSON.stringify({ holder: lock && { deployment: lock.deployment } })
          : objects.get(String(Key));
        if (body === undefined || (isLock && lock === undefined)) throw new Failure('not-found', 'no such key');
        return {
          ETag: body,
          LastModified: new Date(NOON - (lock?.age ?? 0)),
          Body: { transformToString: async () => body },
        };
      },
    },
  });
  return { progress: () => readDeploymentProgress(session, place, quiet()), calls };
}

describe('the progress of a deployment', () => {
  const running = journal('20261122T110000-1', 'orders', 'applying', 2);

  it('is at the step after those that are done, while its lock is held', async () => {
    const { progress } = read([running], { deployment: '20261122T110000-1', age: 59_000 });
    expect(await progress()).toEqual({
      id: '20261122T110000-1',
      dagId: 'orders',
      state: 'deploying',
      step: 3,
      steps: 6,
      startedAt: NOON - 5000,
    });
  });

  it.each([
    ['there is no lock', undefined],
    ['the lock has lapsed', { deployment: '20261122T110000-1', age: 60_000 }],
    ['the lock is held for another', { deployment: '20261122T120000-2', age: 1 }],
  ])('is paused where %s', async (_, lock) => {
    expect(await read([running], lock).progress()).toMatchObject({ state: 'paused', step: 3 });
  });

  it('is at an update only once that was asked for, and tells of its end while nobody is there', async () => {
    const at = async (progress?: object) => {
      const [key] = running;
      const update = { state: 'doing', kind: 'environment-update', ...(progress && { progress }) };
      const text = JSON.stringify({ ...JSON.parse(running[1]), steps: [{ state: 'done' }, update] });
      const deployment = await read([[key, text]]).progress();
      if (deployment === undefined) throw new Error('Nothing is under way.');
      return [deployment.updating, deploymentCell(deployment, 'AVAILABLE').text];
    };
    expect(await at()).toEqual([undefined, 'paused at 2 of 2']);
    expect(await at({ requestedAt: NOON })).toEqual([true, 'paused at 2 of 2, update finished']);
  });

  it('is over when it is done, undone or followed by another of its DAG', async () => {
    expect(await read([journal('20261122T110000-1', 'orders', 'done', 6)]).progress()).toBeUndefined();
    expect(await read([journal('20261122T110000-1', 'orders', 'undone', 6)]).progress()).toBeUndefined();
    expect(await read([running, journal('20261122T110500-1', 'orders', 'done', 6)]).progress()).toBeUndefined();
    expect(await read([running, journal('20261122T110500-1', 'events', 'done', 6)]).progress()).toMatchObject({
      dagId: 'orders',
    });
  });

  it('counts only what is not long past, and no document of another form', async () => {
    const old = journal('20261001T110000-1', 'orders', 'failed', 1);
    const torn: [string, string] = [`${folder}20261122T110000-2.json`, 'not JSON'];
    expect(await read([old, torn, [`${folder}20261122T110000-3.json`, '[]']]).progress()).toBeUndefined();
  });

  it('is read again only when it has changed', async () => {
    const { progress, calls } = read([journal('20261122T110000-1', 'orders', 'done', 6)]);
    await progress();
    await progress();
    expect(calls.filter(({ operation }) => operation === 's3.getObject')).toHaveLength(1);
  });

  it('is what the environment shows instead of its ingestions', () => {
    const show = (state: 'deploying' | 'paused' | 'failed', more: Partial<DeploymentProgress> = {}) => {
      const deployment = { id: '1', dagId: 'orders', state, step: 4, steps: 6, startedAt: NOON, ...more };
      const row = {
        name: 'analytics',
        environment: environmentFrom({}, 'analytics'),
        ingestions: [],
        deployment,
        notes: [],
        complete: true,
      };
      return [
        environmentColumns.find(({ id }) => id === 'ingestions')?.cell(row, NOON).text,
        environmentAttention(row, NOON),
      ];
    };
    expect(show('deploying')).toEqual(['deploying, 4 of 6', undefined]);
    expect(show('paused')).toEqual([
      'paused at 4 of 6',
      'analytics: nobody carries on the deployment of orders, paused at 4 of 6: resume or undo 1',
    ]);
    expect(show('failed', { error: 'pip installed nothing' })).toEqual([
      'failed at 4 of 6',
      'analytics: the deployment of orders failed at step 4 of 6, resume or undo 1: pip installed nothing',
    ]);
    expect(show('failed', { undo: true })).toEqual([
      'undo failed at 4 of 6',
      'analytics: the undo of orders failed at step 4 of 6, resume 1',
    ]);
  });

  it('tells why it failed', async () => {
    const [key, text] = journal('20261122T110000-1', 'orders', 'failed', 1);
    const steps = [{ state: 'done' }, { state: 'failed', error: 'refused' }];
    const failed = JSON.stringify({ ...JSON.parse(text), steps });
    expect(await read([[key, failed]]).progress()).toMatchObject({ state: 'failed', step: 2, error: 'refused' });
  });
});
