import { describe, expect, test } from 'vitest';
import type { CheckDefinition, Finding, Preflight } from '../../../src/deployment/checks/check.ts';
import { maintenanceWindow, nextWindow } from '../../../src/deployment/checks/maintenance.ts';
import { modeFits } from '../../../src/deployment/checks/mode.ts';
import { subnetsThere } from '../../../src/deployment/checks/network.ts';
import {
  airflow3Workers,
  imageRoute,
  operatorRoute,
  serverRoute,
  servicesRoute,
} from '../../../src/deployment/checks/routes.ts';
import { endpointGroups, securityGroups } from '../../../src/deployment/checks/security-groups.ts';
import type { SecurityGroup, Subnet, VpcEndpoint } from '../../../src/fleet/network.ts';

const signal = new AbortController().signal;
const REGION = 'eu-west-1';

interface Scene {
  readonly internet?: Subnet['internet'];
  readonly publicAddress?: boolean;
  readonly endpoints?: readonly string[];
  readonly privateDns?: boolean;
  readonly image?: string;
  readonly server?: string;
  /** Outbound ports of the one security group; all of them when absent. */
  readonly letsOut?: readonly number[];
  /** Where its outbound rules lead; everywhere when absent. */
  readonly leadsTo?: string;
  /** The group whose members the endpoints let in. */
  readonly letsIn?: string;
  /** Whether a gateway endpoint is in the subnets' route table. */
  readonly routed?: boolean;
  readonly freeAddresses?: number;
  readonly groups?: readonly string[];
  readonly subnets?: readonly string[];
  readonly airflowVersion?: string;
  readonly access?: string;
  readonly mode?: 'ecs' | 'python';
}

/** A preflight in which only the network matters. */
function preflight(scene: Scene): Preflight {
  const { internet = 'nat', endpoints = [], letsOut, groups = ['sg-1'], subnets = ['subnet-1'] } = scene;
  const network = {
    subnets: async (ids: readonly string[]) =>
      ids
        .filter((id) => id !== 'subnet-gone')
        .map((id) => {
          const vpcId = id === 'subnet-other' ? 'vpc-2' : 'vpc-1';
          return { id, vpcId, internet, routeTableId: 'rtb-1', freeAddresses: scene.freeAddresses } as Subnet;
        }),
    endpoints: async () =>
      endpoints.map(
        (service) =>
          ({
            id: `vpce-${service}`,
            serviceName: `com.amazonaws.${REGION}.${service}`,
            state: 'available',
            type: service === 's3' ? 'Gateway' : 'Interface',
            routeTableIds: scene.routed === false ? ['rtb-2'] : ['rtb-1'],
            securityGroupIds: ['sg-endpoints'],
            privateDns: scene.privateDns ?? true,
          }) as unknown as VpcEndpoint,
      ),
    securityGroups: async (ids: readonly string[]) =>
      ids.filter((id) => id !== 'sg-gone').map((id) => group(id, letsOut, scene)),
  };
  return {
    surroundings: network,
    session: { endpoint: undefined },
    environment: {
      airflowVersion: scene.airflowVersion ?? '2.10.3',
      webserverAccessMode: scene.access ?? 'PRIVATE_ONLY',
      subnetIds: subnets,
      securityGroupIds: groups,
    },
    request: {
      region: REGION,
      pipeline: { server: { hostPort: scene.server } },
      ...(scene.mode === 'python'
        ? {}
        : {
            ecs: {
              subnets,
              securityGroups: groups,
              assignPublicIp: scene.publicAddress ?? false,
              image: scene.image ?? 'docker.getcollate.io/openmetadata/ingestion-base:1.12.8',
            },
          }),
    },
  } as unknown as Preflight;
}

function group(id: string, letsOut: readonly number[] | undefined, { leadsTo, letsIn }: Scene): SecurityGroup {
  const rule = { ranges: [leadsTo ?? '0.0.0.0/0'], groups: [], prefixLists: [] };
  const members = { protocol: 'tcp', fromPort: 443, toPort: 443, ranges: [], groups: [letsIn ?? ''], prefixLists: [] };
  const outbound =
    letsOut === undefined
      ? [{ ...rule, protocol: '-1', fromPort: undefined, toPort: undefined }]
      : letsOut.map((port) => ({ ...rule, protocol: 'tcp', fromPort: port, toPort: port }));
  const vpcId = id === 'sg-other' ? 'vpc-2' : 'vpc-1';
  return { id, name: id, description: '', vpcId, inbound: [members], outbound };
}

async function verdict(check: CheckDefinition, scene: Scene): Promise<string | undefined> {
  const found = await check.look(preflight(scene), signal);
  return (found as Finding | undefined)?.verdict;
}

const ECR = { image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/ingestion:1.12.8' };
const SERVER = 'https://metadata.example.com:8585/api';

describe('a check of the network', () => {
  test.each<[string, CheckDefinition, Scene, string | undefined]>([
    ['subnets that are there', subnetsThere, {}, 'pass'],
    ['a subnet that is gone', subnetsThere, { subnets: ['subnet-1', 'subnet-gone'] }, 'fail'],
    ['subnets of two VPCs', subnetsThere, { subnets: ['subnet-1', 'subnet-other'] }, 'fail'],
    ['subnets that are full', subnetsThere, { freeAddresses: 0 }, 'fail'],
    ['an image by NAT', imageRoute, {}, 'pass'],
    ['an image from a cut subnet', imageRoute, { internet: 'none' }, 'warning'],
    ['an image from a public subnet without an address', imageRoute, { internet: 'gateway' }, 'fail'],
    ['an image from a public subnet', imageRoute, { internet: 'gateway', publicAddress: true }, 'pass'],
    ['ECR without its endpoints', imageRoute, { internet: 'none', ...ECR, endpoints: ['ecr.api'] }, 'fail'],
    ['ECR', imageRoute, { internet: 'none', ...ECR, endpoints: ['ecr.api', 'ecr.dkr', 's3'] }, 'pass'],
    [
      'ECR whose gateway is in the table of other subnets',
      imageRoute,
      { internet: 'none', ...ECR, endpoints: ['ecr.api', 'ecr.dkr', 's3'], routed: false },
      'fail',
    ],
    [
      'ECR of another region',
      imageRoute,
      { internet: 'none', image: ECR.image.replace(REGION, 'us-east-1'), endpoints: ['ecr.api', 'ecr.dkr', 's3'] },
      'warning',
    ],
    ['an image that no mode needs', imageRoute, { mode: 'python' }, undefined],
    ['services by NAT', servicesRoute, {}, 'pass'],
    ['services without a way', servicesRoute, { internet: 'none', endpoints: ['secretsmanager'] }, 'fail'],
    ['services by endpoints', servicesRoute, { internet: 'none', endpoints: ['secretsmanager', 'logs'] }, 'pass'],
    [
      'endpoints without private DNS',
      servicesRoute,
      { internet: 'none', endpoints: ['secretsmanager', 'logs'], privateDns: false },
      'warning',
    ],
    [
      'workers, which need no log group',
      servicesRoute,
      { mode: 'python', internet: 'none', endpoints: ['secretsmanager'] },
      'pass',
    ],
    ['workers that start the task by NAT', operatorRoute, {}, 'pass'],
    ['workers without a way to ECS', operatorRoute, { internet: 'none', endpoints: ['logs'] }, 'fail'],
    [
      'workers in public subnets, without an address',
      operatorRoute,
      { internet: 'gateway', publicAddress: true },
      'fail',
    ],
    ['workers with the endpoint of ECS', operatorRoute, { internet: 'none', endpoints: ['logs', 'ecs'] }, 'pass'],
    ['workers that start nothing', operatorRoute, { internet: 'none', mode: 'python' }, undefined],
    ['a public server by NAT', serverRoute, { server: SERVER }, 'pass'],
    ['a public server from a cut subnet', serverRoute, { server: SERVER, internet: 'none' }, 'warning'],
    ['a private server', serverRoute, { server: 'http://10.2.3.4:8585/api', internet: 'none' }, 'pass'],
    ['a server on localhost', serverRoute, { server: 'http://localhost:8585/api' }, 'fail'],
    ['no server', serverRoute, {}, undefined],
    ['groups that let everything out', securityGroups, { server: SERVER }, 'pass'],
    ['groups without HTTPS', securityGroups, { letsOut: [5432] }, 'fail'],
    ['groups without the port of the server', securityGroups, { letsOut: [443], server: SERVER }, 'warning'],
    ['a group that is gone', securityGroups, { groups: ['sg-gone'] }, 'fail'],
    ['six groups', securityGroups, { groups: ['1', '2', '3', '4', '5', '6'] }, 'fail'],
    ['a group of another VPC', securityGroups, { groups: ['sg-other'] }, 'fail'],
    ['groups that let out to private addresses alone', securityGroups, { leadsTo: '10.0.0.0/8' }, 'warning'],
    ['the same, with endpoints', securityGroups, { leadsTo: '10.0.0.0/8', internet: 'none' }, 'pass'],
    ['endpoints that nobody needs', endpointGroups, { endpoints: ['logs'] }, undefined],
    [
      'endpoints that let the group in',
      endpointGroups,
      { internet: 'none', endpoints: ['secretsmanager', 'logs'], letsIn: 'sg-1' },
      'pass',
    ],
    [
      'endpoints that let another group in',
      endpointGroups,
      { internet: 'none', endpoints: ['secretsmanager'], letsIn: 'sg-2' },
      'fail',
    ],
    ['Airflow 2 with a public web server', airflow3Workers, { access: 'PUBLIC_ONLY', internet: 'none' }, undefined],
    [
      'Airflow 3 with a public web server and no route',
      airflow3Workers,
      { airflowVersion: '3.2.1', access: 'PUBLIC_ONLY', internet: 'none' },
      'fail',
    ],
    [
      'Airflow 3 with a public web server and public subnets, whose workers have no address',
      airflow3Workers,
      { airflowVersion: '3.2.1', access: 'PUBLIC_ONLY', internet: 'gateway' },
      'fail',
    ],
    [
      'Airflow 3 with a public web server and NAT',
      airflow3Workers,
      { airflowVersion: '3.2.1', access: 'PUBLIC_ONLY' },
      'pass',
    ],
  ])('%s', async (_, check, scene, expected) => {
    expect(await verdict(check, scene)).toBe(expected);
  });
});

test('that Airflow 3 can not reach its public web server is told once, with the subnets', async () => {
  const scene = preflight({ airflowVersion: '3.2.1', access: 'PUBLIC_ONLY', internet: 'none' });
  const request = { ...scene.request, mode: 'ecs', airflowVersion: '3.2.1', openmetadataVersion: '1.12.8' } as const;
  const pipeline = {
    ...scene.request.pipeline,
    findings: [],
    sourceType: 'redshift',
    pipelineType: 'metadata' as const,
  };
  const told = await Promise.all(
    [modeFits, airflow3Workers].map((check) => check.look({ ...scene, request: { ...request, pipeline } }, signal)),
  );
  const failed = (told.flat() as (Finding | undefined)[]).filter((finding) => finding?.verdict === 'fail');
  expect(failed.map((finding) => finding?.evidence)).toEqual([expect.stringContaining('subnet-1 have no route')]);
});

describe('the weekly maintenance', () => {
  // 2026-11-28 is a Saturday.
  const saturday = Date.UTC(2026, 10, 28, 19, 0);

  test.each([
    ['SUN:03:30', Date.UTC(2026, 10, 29, 3, 30)],
    ['SAT:19:30', Date.UTC(2026, 10, 28, 19, 30)],
    ['SAT:19:00', Date.UTC(2026, 11, 5, 19, 0)],
    ['FRI:00:00', Date.UTC(2026, 11, 4, 0, 0)],
    ['soon', undefined],
  ])('%s begins next', (window, expected) => {
    expect(nextWindow(window, saturday)).toBe(expected);
  });

  test.each([
    ['SAT:18:30', 'warning: The weekly maintenance may begin at any moment: its window opened 30m00s ago'],
    ['SAT:16:30', 'pass: The weekly maintenance begins in 6d'],
    ['SAT:19:10', 'warning: The weekly maintenance begins in 10m00s'],
  ])('of %s is told while it may begin', async (window, expected) => {
    const scene = preflight({});
    const told = (await maintenanceWindow.look(
      {
        ...scene,
        environment: { ...scene.environment, maintenanceWindow: window },
        surroundings: { serverTime: async () => saturday } as unknown as Preflight['surroundings'],
        steps: Promise.resolve([]),
      },
      signal,
    )) as Finding;
    expect(`${told.verdict}: ${told.evidence}`).toContain(expected);
  });
});
