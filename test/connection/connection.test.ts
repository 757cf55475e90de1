import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { type Connection, endpointWords, readConnection, withDiscovery } from '../../src/connection/connection.ts';
import { discover } from '../../src/connection/discovery/discover.ts';
import { probeConnection } from '../../src/connection/probe/probe.ts';
import { addEndpoint } from '../../src/demo/ec2/endpoints.ts';
import type { VpcEndpoint } from '../../src/demo/ec2/network.ts';
import { readEnvironment } from '../../src/fleet/environments.ts';
import { Failure } from '../../src/text/failure.ts';
import { regionForAll } from '../support/given-region.ts';
import type { Border, VirtualRegion } from '../support/virtual-region.ts';
import { listOften, workOf } from './disturbed.ts';

const { signal } = new AbortController();
const OWN_GROUP = 'sg-0a1b2c3d4e5f60031';
let region: VirtualRegion;
let session: Session;

regionForAll((given) => {
  ({ region, session } = given);
  listOften(region);
});

async function read(name = 'data-prod', by: Session = session): Promise<Connection> {
  return readConnection(by, await readEnvironment(session, name, signal), signal);
}

const endpoints = () => region.running.region.ec2.endpoints;

/** data-prod's own database endpoint in the region. */
function endpointOf(name: string): VpcEndpoint {
  const service = region.running.region.mwaa.environment(name)?.databaseService;
  const found = [...endpoints().values()].find(({ serviceName }) => serviceName === service);
  if (found === undefined) throw new Error(`${name} has an endpoint.`);
  return found;
}

describe('the connection of an environment with endpoints of MWAA’s', () => {
  test('names the endpoint, and whom its security groups admit', async () => {
    const found = await read();
    expect(found).toMatchObject({ source: 'endpoint', endpointManagement: 'SERVICE', port: 5432, user: null });
    expect(found.host).toMatch(/^vpce-/);
    expect(found.securityGroups).toEqual([
      { id: OWN_GROUP, name: 'mwaa-environments', admits: [OWN_GROUP, expect.stringMatching(/^sg-/)] },
    ]);
    expect(endpointWords(found)).toBe(`${found.endpointId}, available, in ${found.vpcId}`);
  });

  test('warns of groups that admit nobody, or not the environment’s own', async () => {
    const { securityGroups } = region.running.region.ec2;
    const group = securityGroups.get(OWN_GROUP);
    if (group === undefined) throw new Error('It is there.');
    const warnings = async (change: object) => {
      securityGroups.set(OWN_GROUP, { ...group, ...change });
      const found = await read();
      securityGroups.set(OWN_GROUP, group);
      return found.warnings.join('\n');
    };
    expect(await warnings({})).not.toMatch(/admit/);
    expect(await warnings({ ipPermissions: [] })).toMatch(/No security group of the endpoint admits anybody/);
    const others = group.ipPermissions.filter(({ groups }) => groups.every(({ groupId }) => groupId !== OWN_GROUP));
    expect(await warnings({ ipPermissions: others })).toMatch(/do not admit the environment's own \(sg-/);
  });

  test('says what may not be read, and nothing that follows from it', async () => {
    const before = ({ operation }: Border) => {
      if (operation === 'DescribeVpcEndpoints') throw new Failure('denied', 'ec2:DescribeVpcEndpoints is denied.');
    };
    const { source, host, warnings } = await read('data-prod', await region.open({ before }));
    expect({ source, host }).toEqual({ source: 'none', host: null });
    expect(warnings).toContain('ec2:DescribeVpcEndpoints is denied.');
    expect(warnings.join('\n')).not.toMatch(/is visible/);
  });
});

describe('with endpoints of the customer’s own', () => {
  let own: VpcEndpoint;
  beforeAll(() => {
    own = endpointOf('data-prod');
    Object.assign(region.running.region.mwaa.environment('data-prod') ?? {}, { endpointManagement: 'CUSTOMER' });
  });
  beforeEach(() => {
    for (const [id, { serviceName }] of endpoints()) if (serviceName === own.serviceName) endpoints().delete(id);
    endpoints().set(own.vpcEndpointId, own);
  });

  test('takes the one in the environment’s own subnets, and names the others', async () => {
    const { ec2 } = region.running.region;
    endpoints().delete(own.vpcEndpointId);
    addEndpoint(ec2, region.running.region, { serviceName: own.serviceName, group: OWN_GROUP, tags: [], days: 1 });
    const other = endpointOf('data-prod');
    endpoints().set(other.vpcEndpointId, { ...other, vpcId: 'vpc-0dead', subnetIdSet: ['subnet-0dead'] });
    endpoints().set(own.vpcEndpointId, own);
    const found = await read();
    expect(endpointWords(found)).toBe(`${own.vpcEndpointId}, available, in ${own.vpcId}, managed by the customer`);
    expect(found.securityGroups[0]?.admits).toContain(OWN_GROUP);
    expect(found.warnings).toContain(
      `The service has other endpoints: ${other.vpcEndpointId} (available, in vpc-0dead).`,
    );
  });

  test('says that one is not accepted yet', async () => {
    endpoints().set(own.vpcEndpointId, { ...own, state: 'pendingAcceptance' });
    expect((await read()).warnings).toContain(`The endpoint ${own.vpcEndpointId} is pendingAcceptance.`);
  });

  test('of another account finds the host by a discovery, and probes it', async () => {
    // The network's owner sees the endpoint, whoever runs the environment in it does not.
    const before = ({ operation }: Border) => {
      if (operation === 'DescribeVpcEndpoints') endpoints().delete(own.vpcEndpointId);
    };
    const after = () => void endpoints().set(own.vpcEndpointId, own);
    const participant = await region.open({ before, after });
    const hidden = await read('data-prod', participant);
    expect(hidden).toMatchObject({ source: 'none', host: null, endpointId: null });
    expect(hidden.warnings.join('\n')).toMatch(/its owner manages it, maybe in the account that shares the VPC/);
    const work = { ...(await workOf(session)), session: participant };
    const { found } = await discover(work);
    const probed = await probeConnection(work, hidden, found);
    const database = await region.running.region.postgres.database('data-prod');
    expect(probed.probe).toMatchObject({ ok: true, schemaRevision: '5f2621c13b39', vpc: { ok: true } });
    expect(withDiscovery(hidden, found, probed.candidate)).toMatchObject({
      source: 'discovery',
      host: database.host,
      password: database.password,
    });
  });
});

test('where no task may be run, says so, plans it by hand, and predicts for the role of the tasks', async () => {
  const before = ({ operation }: Border) => {
    if (operation === 'RunTask') throw new Failure('denied', 'ecs:RunTask is denied.');
  };
  const work = { ...(await workOf(session)), session: await region.open({ before }) };
  const connection = { ...(await read()), host: '127.0.0.1', port: 1 };
  const { probe, restChecks } = await probeConnection(work, connection, undefined);
  expect(probe).toMatchObject({ ok: false, vpc: null });
  expect(probe?.plan.slice(0, 2)).toEqual([
    'No task was run in the VPC: ecs:RunTask is denied.',
    'From any machine in the VPC with one of',
  ]);
  expect(restChecks).toMatchObject({ here: { ok: true }, task: null });
  expect(restChecks.role).toMatchObject({ role: expect.stringMatching(/openmetadata-ingestion-task$/), allowed: true });
  expect(restChecks.role?.of).toMatch(/^the tasks of \w+_metadata$/);
});

describe('the REST route where no ECS ingestion is there to call as', () => {
  test('is tried for the caller, and predicted for the role that runs Airflow’s tasks', async () => {
    const environment = await readEnvironment(session, 'sandbox', signal);
    const work = { ...(await workOf(session)), environment };
    const ask = async (by: Session = session) => {
      const { probe, restChecks } = await probeConnection({ ...work, session: by }, await read('sandbox'), undefined);
      expect(probe).toBeNull();
      expect(restChecks).toMatchObject({ here: { ok: true }, task: null });
      return restChecks.role;
    };
    const role = environment.executionRoleArn ?? '';
    expect(await ask()).toMatchObject({
      role,
      of: 'ingestion inside Airflow',
      allowed: false,
      detail: 'denied, as IAM predicts it; nothing was called as it',
      advice: expect.stringContaining('lacks the statement'),
    });
    const { restRoute } = await read('sandbox');
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [restRoute.statement] });
    const RoleName = role.split('/').at(-1) ?? '';
    await session.iam.putRolePolicy({ RoleName, PolicyName: 'reads-airflow', PolicyDocument });
    expect(await ask()).toMatchObject({ allowed: true, advice: null });
    const before = ({ operation }: Border) => {
      if (operation === 'SimulatePrincipalPolicy')
        throw new Failure('denied', 'iam:SimulatePrincipalPolicy is denied.');
    };
    expect(await ask(await region.open({ before }))).toMatchObject({
      allowed: null,
      detail: 'not predicted: iam:SimulatePrincipalPolicy is denied.',
    });
  });
});
