import { describe, expect, it } from 'vitest';
import { ingestionFrom } from '../../src/fleet/ingestion-record.ts';
import { ingestionKey, listIngestions, readIngestion, readIngestions } from '../../src/fleet/ingestions.ts';
import { Failure } from '../../src/text/failure.ts';
import { fakeSession, quiet } from './fake-session.ts';

const place = { name: 'data-prod', sourceBucket: 'mwaa-data-prod' };
const prefix = 'mwaa-console/data-prod/ingestions/';

function record(dagId: string, more: object = {}): string {
  return JSON.stringify({
    schema: 1,
    dagId,
    mode: 'ecs',
    dagKey: `dags/${dagId}.py`,
    deployedAt: '2026-11-20T10:00:00Z',
    ...more,
  });
}

/** A bucket, one listed key a page. */
function bucket(objects: Record<string, string>) {
  const keys = Object.keys(objects).sort();
  return fakeSession({
    s3: {
      listObjectsV2: ({ Prefix, ContinuationToken }) => {
        const found = keys.filter((key) => key.startsWith(String(Prefix)));
        const at = Number(ContinuationToken ?? 0);
        const more = at + 1 < found.length;
        const key = found[at];
        return {
          Contents: key === undefined ? undefined : [{ Key: key, ETag: `"${objects[key]?.length}"` }],
          IsTruncated: more,
          ...(more && { NextContinuationToken: String(at + 1) }),
        };
      },
      getObject: ({ Key }) => {
        const body = objects[String(Key)];
        if (body === undefined) throw new Failure('not-found', 'no such key');
        return { ETag: `"${body.length}"`, Body: { transformToString: async () => body } };
      },
    },
  });
}

describe('ingestions of an environment', () => {
  it('are read from its bucket, page by page, by DAG id', async () => {
    const { session } = bucket({
      [`${prefix}orders.json`]: record('orders', { deployedAt: 1_763_700_000_000, subnets: ['subnet-1', 7] }),
      [`${prefix}events.json`]: record('events'),
      [`${prefix}`]: '',
      [`${prefix}old/orders.json`]: record('old'),
      'mwaa-console/data-prod/deployments/1.json': '{}',
    });
    const found = await listIngestions(session, place, quiet());
    expect(found.map(({ dagId }) => dagId)).toEqual(['events', 'orders']);
    expect(found[1]).toMatchObject({ deployedAt: 1_763_700_000_000, subnets: ['subnet-1'] });
    expect(found[0]).toMatchObject({ deployedAt: Date.UTC(2026, 10, 20, 10), cluster: undefined });
  });

  it('do not hide behind one that can not be read, unless all are needed', async () => {
    const { session } = bucket({ [`${prefix}orders.json`]: record('orders'), [`${prefix}torn.json`]: '{"schema":' });
    const { ingestions, unreadable } = await readIngestions(session, place, quiet());
    expect(ingestions.map(({ dagId }) => dagId)).toEqual(['orders']);
    expect(unreadable.map(({ message }) => message)).toEqual([
      `The record of an ingestion can't be read: s3://mwaa-data-prod/${prefix}torn.json: it is not JSON.`,
    ]);
    await expect(listIngestions(session, place, quiet())).rejects.toMatchObject({ kind: 'service' });
  });

  it('are read again only when they have changed', async () => {
    const objects: Record<string, string> = { [`${prefix}orders.json`]: record('orders') };
    const { session, calls } = bucket(objects);
    const reads = () => calls.filter(({ operation }) => operation === 's3.getObject').length;
    await listIngestions(session, place, quiet());
    await listIngestions(session, place, quiet());
    expect(reads()).toBe(1);
    objects[`${prefix}orders.json`] = record('orders', { schedule: '@daily' });
    expect(await listIngestions(session, place, quiet())).toMatchObject([{ schedule: '@daily' }]);
    expect(reads()).toBe(2);
  });

  it('are found one by one', async () => {
    const { session } = bucket({ [ingestionKey('data-prod', 'orders')]: record('orders') });
    expect(await readIngestion(session, place, 'orders', quiet())).toMatchObject({ dagId: 'orders' });
    expect(await readIngestion(session, place, 'none', quiet())).toBeUndefined();
  });
});

describe('a record', () => {
  it.each([
    ['[]', 'it is not an object'],
    ['{"schema":2}', 'its schema is 2, this version knows 1'],
    ['{"schema":1,"mode":"docker"}', 'mode is "docker"'],
    ['{"schema":1,"mode":"ecs"}', 'dagId is missing'],
    ['{"schema":1,"mode":"ecs","dagId":"a"}', 'dagKey is missing'],
  ])('%s is refused with the reason', (text, why) => {
    expect(() => ingestionFrom(text, 's3://b/k')).toThrow(why);
  });
});
