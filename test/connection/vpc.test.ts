import { beforeEach, describe, expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import type { DiscoveredConnection } from '../../src/connection/discovery/parse.ts';
import { findProbePlace, probeFromVpc, probePlan } from '../../src/connection/probe/vpc.ts';
import { readEnvironment } from '../../src/fleet/environments.ts';
import { Failure } from '../../src/text/failure.ts';
import { regionForAll } from '../support/given-region.ts';
import type { Border, VirtualRegion } from '../support/virtual-region.ts';
import {
  failEverywhere,
  failRemovalEverywhere,
  killEverywhere,
  killRemovalEverywhere,
  probing,
  traces,
  workOf,
} from './disturbed.ts';

const { signal } = new AbortController();
let region: VirtualRegion;
let session: Session;
let found: DiscoveredConnection;
let told: string[];

regionForAll(async (given) => {
  ({ region, session } = given);
  const { host, port, name, user, password } = await region.running.region.postgres.database('data-prod');
  const candidates = [
    { user, password: 'quoted otherwise' },
    { user, password },
  ];
  const place = { host, port, database: name, sslMode: 'require', hostAddress: '127.0.0.1' };
  found = { ...place, candidates, iamTokens: false };
});
beforeEach(() => {
  told = [];
});

async function probe(login: DiscoveredConnection | undefined, by: Session = session) {
  const at = { ...(await workOf(session, (text) => told.push(text))), session: by };
  const place = await findProbePlace(session, at.environment, signal);
  if (place === undefined) throw new Error('data-prod has ECS ingestions.');
  const { host } = found;
  const argument = login === undefined ? { host, port: 5432, sslMode: 'require' } : found;
  const { sslMode, port, hostAddress } = { hostAddress: undefined, ...argument };
  const asked = { host, port, sslMode, hostAddress, environment: 'data-prod', region: 'eu-west-1' };
  return probeFromVpc(at, place, asked, login);
}

describe('a probe from the VPC', () => {
  test('logs in by a temporary secret, tries each candidate, and leaves nothing', async () => {
    const { result, candidate, rest } = await probe(found);
    expect(result).toMatchObject({ from: 'vpc', ok: true, schemaRevision: '5f2621c13b39' });
    expect(result.stages.map(({ state }) => state)).toEqual(Array(6).fill('ok'));
    expect(candidate).toBe(1);
    expect(rest).toMatchObject({ ok: true, detail: expect.stringMatching(/^\d+ DAGs$/) });
    expect(await traces(region)).toEqual([]);
    const everything = JSON.stringify([told, result]);
    for (const { password } of found.candidates) expect(everything).not.toContain(password);
  });

  test('without a login finds the endpoint by the VPC’s own DNS, and ends with TLS', async () => {
    const { result } = await probe(undefined);
    expect(result.ok).toBe(true);
    expect(result.stages[0]?.detail).toMatch(/^vpce-.* is 10\.20\./);
    expect(result.stages.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok', 'skipped', 'skipped', 'skipped']);
  });

  test('that may make no secret says so and goes as far as TLS', async () => {
    const denied = new Failure('denied', 'secretsmanager:CreateSecret is denied.');
    const before = ({ operation }: Border) => {
      if (operation === 'CreateSecret') throw denied;
    };
    const noSecret = await region.open({ before });
    const { result } = await probe(found, noSecret);
    expect(result.stages.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok', 'skipped', 'skipped', 'skipped']);
    expect(told).toContain('without a login, so name, TCP and TLS only: secretsmanager:CreateSecret is denied.');
    expect(await traces(region)).toEqual([]);
  });

  test('tells a password that was rotated, and a security group that does not admit it', async () => {
    const rotated = { ...found, candidates: [{ user: 'adminuser', password: 'old' }] };
    const { result } = await probe(rotated);
    expect(result.stages[4]).toMatchObject({ state: 'failed', advice: expect.stringContaining('rotated') });
    const { securityGroups } = region.running.region.ec2;
    const before = [...securityGroups];
    for (const [id, group] of before) securityGroups.set(id, { ...group, ipPermissions: [] });
    const shut = await probe(undefined);
    expect(shut.result.stages[1]).toMatchObject({ state: 'failed', advice: expect.stringContaining('security group') });
    expect(shut.result.ok).toBe(false);
    for (const [id, group] of before) securityGroups.set(id, group);
  });

  test('killed at a request, and its removal as well, leaves nothing that the next start does not take away', async () => {
    expect(await killEverywhere(probing(region), { from: 10, by: 20 })).toBeGreaterThan(30);
    expect(await killRemovalEverywhere(probing(region), 30, { by: 3 })).toBeGreaterThan(6);
  });

  test('each request of it or of its removal failing once, goes on to its end', async () => {
    await failEverywhere(probing(region), 12, 12);
    await failRemovalEverywhere(probing(region), 30, 8, 4);
  });

  test('has nothing to run with where no ingestion runs by ECS, and is given as a plan', async () => {
    const legacy = await readEnvironment(session, 'legacy', signal);
    expect(await findProbePlace(session, legacy, signal)).toBeUndefined();
    expect(probePlan(legacy, { host: 'vpce-1.example', port: 5432 }).join('\n')).toContain(
      'openssl s_client -starttls postgres -connect vpce-1.example:5432',
    );
  });
});
