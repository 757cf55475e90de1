import { afterEach, expect, test } from 'vitest';
import { scaledClock } from '../../src/aws/clock.ts';
import type { Session } from '../../src/aws/session.ts';
import { readDashboard } from '../../src/fleet/dashboard.ts';
import { jsonError, type Reply, sessionAt, startWire, type Wire, type WireRequest } from '../aws/wire.ts';
import { last, quiet } from './fake-session.ts';

const open: { session?: Session; wire?: Wire }[] = [];

afterEach(async () => {
  for (const { session, wire } of open.splice(0)) {
    session?.close();
    await wire?.close();
  }
});

/** A session against a server of these replies; whatever has none gets an empty answer. */
async function against(reply: (request: WireRequest) => Reply | undefined): Promise<Session> {
  const wire = await startWire((request) => {
    if (request.headers['content-type'] === 'application/x-www-form-urlencoded') {
      return {
        headers: { 'content-type': 'text/xml' },
        body: '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::123456789012:assumed-role/OnCall/demo</Arn><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
      };
    }
    return reply(request) ?? { body: request.url.includes('list-type') ? '<ListBucketResult/>' : '{}' };
  });
  // A fast clock, so that the request budget takes no time of the wall's.
  const session = await sessionAt(wire.url, { clock: scaledClock(1000) });
  open.push({ wire, session });
  return session;
}

const json = (body: unknown): Reply => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
const names = Array.from({ length: 60 }, (_, index) => `env-${String(index).padStart(2, '0')}`);

test('sixty environments, five of them ill in their own ways, hide nothing of one another', async () => {
  const ill: Record<string, Reply> = {
    'env-03': jsonError(
      'AccessDeniedException',
      'User: me is not authorized to perform: airflow:GetEnvironment on resource: env-03',
      403,
    ),
    'env-10': { headers: { 'content-type': 'text/html' }, body: '<html>sign in</html>' },
    'env-20': jsonError('InternalServerException', 'oops', 500),
    'env-40': json({}),
    'env-59': json({
      Environment: {
        Name: 'env-59',
        Status: 17,
        CreatedAt: 'soon',
        Tags: 'none',
        LastUpdate: [],
        LoggingConfiguration: 3,
        NetworkConfiguration: 'x',
      },
    }),
  };
  const session = await against(({ url }) => {
    const { pathname, searchParams } = new URL(url, 'http://x');
    if (pathname === '/environments') {
      const at = Number(searchParams.get('NextToken') ?? 0);
      return json({
        Environments: names.slice(at, at + 25),
        ...(at + 25 < names.length && { NextToken: String(at + 25) }),
      });
    }
    const name = /^\/environments\/(.+)$/.exec(pathname)?.[1];
    if (name === undefined) return undefined;
    return (
      ill[name] ??
      json({
        Environment: {
          Name: name,
          Status: 'AVAILABLE',
          AirflowVersion: '3.2.1',
          CreatedAt: 1_763_800_000.5,
          SourceBucketArn: `arn:aws:s3:::${name}`,
        },
      })
    );
  });
  const dashboard = await last(readDashboard(session, quiet()));
  expect(dashboard).toMatchObject({ account: '123456789012', complete: true, clusters: [] });
  expect(dashboard.environments.map(({ name }) => name)).toEqual(names);
  expect(dashboard.errors.map(({ resource, kind }) => [resource, kind])).toEqual([
    ['env-03', 'denied'],
    ['env-10', 'service'],
    ['env-20', 'service'],
    ['env-40', 'service'],
  ]);
  expect(dashboard.errors.every(({ advice }) => advice !== undefined)).toBe(true);
  expect(dashboard.environments[0]).toMatchObject({
    environment: { status: 'AVAILABLE', createdAt: 1_763_800_000_500 },
    ingestions: [],
  });
  expect(dashboard.environments[59]?.environment).toMatchObject({
    name: 'env-59',
    status: '',
    createdAt: undefined,
    tags: {},
  });
}, 30_000);

test('an account without MWAA shows its clusters and one error', async () => {
  const clusterArn = 'arn:aws:ecs:eu-west-1:123456789012:cluster/batch';
  const session = await against(({ url, headers }) => {
    if (url.startsWith('/environments')) return jsonError('UnknownOperationException', 'no such operation', 404);
    const operation = headers['x-amz-target']?.split('.').at(-1);
    if (operation === 'ListClusters') return json({ clusterArns: [clusterArn] });
    if (operation === 'DescribeClusters')
      return json({
        clusters: [{ clusterArn, clusterName: 'batch', status: 'ACTIVE', runningTasksCount: 0, pendingTasksCount: 0 }],
      });
    return undefined;
  });
  const dashboard = await last(readDashboard(session, quiet()));
  expect(dashboard.clusters).toMatchObject([{ name: 'batch', ingestionTasks: 0 }]);
  expect(dashboard.errors).toMatchObject([{ resource: 'environments' }]);
});

test('nobody reachable is an error for each part', async () => {
  const wire = await startWire(() => ({}));
  await wire.close();
  const session = await sessionAt(wire.url);
  open.push({ session });
  const dashboard = await last(readDashboard(session, quiet()));
  expect(dashboard.errors.map(({ resource, kind }) => [resource, kind]).sort()).toEqual([
    ['account', 'unreachable'],
    ['clusters', 'unreachable'],
    ['environments', 'unreachable'],
  ]);
});
