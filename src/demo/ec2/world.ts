import type { Region } from '../region.ts';
import {
  ACCOUNT,
  arn,
  databaseEndpointService,
  ENVIRONMENT_SECURITY_GROUP,
  ENVIRONMENTS,
  INGESTION_SECURITY_GROUP,
  PRIVATE_SUBNETS,
  PUBLIC_SUBNETS,
  REGION,
  VPC,
  webserverEndpointService,
} from '../world/names.ts';
import { addEndpoint, FULL_ACCESS, MWAA_REQUESTER } from './endpoints.ts';
import type { Permission, Route, Subnet, Tag } from './network.ts';
import type { Ec2Service } from './service.ts';

const DEFAULT_VPC = 'vpc-0c5e1f90a1b2c3d40';
const ENDPOINT_SECURITY_GROUP = 'sg-0a1b2c3d4e5f60033';
const DAY = 86_400_000;

const named = (name: string, ...tags: Tag[]): Tag[] => [{ key: 'Name', value: name }, ...tags];

/** The network that is there when the region starts: one VPC in two zones, with the environments' endpoints. */
export function seedNetwork(ec2: Ec2Service, region: Region): void {
  seedVpcs(ec2);
  seedSubnets(ec2);
  seedGroups(ec2);
  const [natA, natB] = PUBLIC_SUBNETS.map((subnetId) => {
    const id = ec2.id('nat');
    const description = `Interface for NAT Gateway ${id}`;
    ec2.attachInterface({
      subnetId,
      groups: [],
      description,
      interfaceType: 'nat_gateway',
      requesterId: 'amazon-aws',
      publicIp: true,
    });
    return id;
  });
  seedRoutes(ec2, region, natA ?? '', natB ?? '');
  for (const service of ['logs', 'secretsmanager']) {
    addEndpoint(ec2, region, {
      serviceName: `com.amazonaws.${REGION}.${service}`,
      group: ENDPOINT_SECURITY_GROUP,
      tags: named(`${service} endpoint`),
      days: 300,
    });
  }
  for (const environment of ENVIRONMENTS) {
    const tags = [
      { key: 'AmazonMWAAManaged', value: 'true' },
      { key: 'Environment', value: environment },
    ];
    const shared = { group: ENVIRONMENT_SECURITY_GROUP, requester: MWAA_REQUESTER, tags, days: 200 };
    addEndpoint(ec2, region, { ...shared, serviceName: databaseEndpointService(environment) });
    // The one environment with a public web server needs no endpoint for it.
    if (environment !== 'sandbox') {
      addEndpoint(ec2, region, { ...shared, serviceName: webserverEndpointService(environment) });
    }
    for (const subnetId of PRIVATE_SUBNETS) {
      ec2.attachInterface({
        subnetId,
        groups: [ENVIRONMENT_SECURITY_GROUP],
        description: `arn:aws:ecs:${REGION}:${MWAA_REQUESTER}:attachment/${region.uuid()}`,
        requesterId: MWAA_REQUESTER,
      });
    }
  }
}

function seedVpcs(ec2: Ec2Service): void {
  const add = (vpcId: string, cidrBlock: string, isDefault: boolean, tagSet: readonly Tag[]): void => {
    ec2.vpcs.set(vpcId, {
      vpcId,
      ownerId: ACCOUNT,
      state: 'available',
      cidrBlock,
      cidrBlockAssociationSet: [
        { associationId: ec2.id('vpc-cidr-assoc'), cidrBlock, cidrBlockState: { state: 'associated' } },
      ],
      dhcpOptionsId: 'dopt-0a1b2c3d4e5f60002',
      instanceTenancy: 'default',
      isDefault,
      tagSet,
    });
  };
  add(VPC, '10.20.0.0/16', false, named('data-platform'));
  add(DEFAULT_VPC, '172.31.0.0/16', true, []);
}

function seedSubnets(ec2: Ec2Service): void {
  const add = (
    subnetId: string,
    zone: 'a' | 'b',
    cidrBlock: string,
    mapPublicIpOnLaunch: boolean,
    tagSet: readonly Tag[],
    vpcId = VPC,
  ): void => {
    const bits = Number(cidrBlock.split('/')[1]);
    const subnet: Subnet = {
      subnetId,
      subnetArn: arn('ec2', `subnet/${subnetId}`),
      state: 'available',
      vpcId,
      ownerId: ACCOUNT,
      cidrBlock,
      ipv6CidrBlockAssociationSet: [],
      // EC2 keeps five addresses of each subnet.
      availableIpAddressCount: 2 ** (32 - bits) - 5,
      availabilityZone: `${REGION}${zone}`,
      availabilityZoneId: zone === 'a' ? 'euw1-az2' : 'euw1-az3',
      defaultForAz: vpcId === DEFAULT_VPC,
      mapPublicIpOnLaunch,
      mapCustomerOwnedIpOnLaunch: false,
      assignIpv6AddressOnCreation: false,
      enableDns64: false,
      ipv6Native: false,
      privateDnsNameOptionsOnLaunch: {
        hostnameType: 'ip-name',
        enableResourceNameDnsARecord: false,
        enableResourceNameDnsAAAARecord: false,
      },
      tagSet,
    };
    ec2.subnets.set(subnetId, subnet);
  };
  add(PRIVATE_SUBNETS[0], 'a', '10.20.16.0/20', false, named('data-platform-private-a'));
  add(PRIVATE_SUBNETS[1], 'b', '10.20.32.0/20', false, named('data-platform-private-b'));
  add(PUBLIC_SUBNETS[0], 'a', '10.20.0.0/24', true, named('data-platform-public-a'));
  add(PUBLIC_SUBNETS[1], 'b', '10.20.1.0/24', true, named('data-platform-public-b'));
  add('subnet-0c5e1f90a1b2c3d41', 'a', '172.31.0.0/20', true, [], DEFAULT_VPC);
  add('subnet-0c5e1f90a1b2c3d42', 'b', '172.31.16.0/20', true, [], DEFAULT_VPC);
}

const NO_RANGES = { groups: [], ipRanges: [], ipv6Ranges: [], prefixListIds: [] };
const ANYWHERE: Permission = { ...NO_RANGES, ipProtocol: '-1', ipRanges: [{ cidrIp: '0.0.0.0/0' }] };

function fromGroup(groupId: string, port?: number, description?: string): Permission {
  const pair = { groupId, userId: ACCOUNT, ...(description === undefined ? {} : { description }) };
  return port === undefined
    ? { ...NO_RANGES, ipProtocol: '-1', groups: [pair] }
    : { ...NO_RANGES, ipProtocol: 'tcp', fromPort: port, toPort: port, groups: [pair] };
}

function seedGroups(ec2: Ec2Service): void {
  const add = (
    groupId: string,
    groupName: string,
    groupDescription: string,
    ipPermissions: readonly Permission[],
    vpcId = VPC,
  ): void => {
    ec2.securityGroups.set(groupId, {
      groupId,
      securityGroupArn: arn('ec2', `security-group/${groupId}`),
      groupName,
      groupDescription,
      ownerId: ACCOUNT,
      vpcId,
      ipPermissions,
      ipPermissionsEgress: [ANYWHERE],
      tagSet: groupName === 'default' ? [] : named(groupName),
    });
  };
  add(ENVIRONMENT_SECURITY_GROUP, 'mwaa-environments', 'MWAA environments and their database endpoints', [
    fromGroup(ENVIRONMENT_SECURITY_GROUP),
    fromGroup(INGESTION_SECURITY_GROUP, 5432, 'metadata database, from ingestion tasks'),
  ]);
  add(INGESTION_SECURITY_GROUP, 'openmetadata-ingestion', 'OpenMetadata ingestion tasks', []);
  const within = { cidrIp: '10.20.0.0/16', description: 'the VPC' };
  add(ENDPOINT_SECURITY_GROUP, 'vpc-endpoints', 'Interface endpoints', [
    { ...NO_RANGES, ipProtocol: 'tcp', fromPort: 443, toPort: 443, ipRanges: [within] },
  ]);
  add('sg-0a1b2c3d4e5f60030', 'default', 'default VPC security group', [fromGroup('sg-0a1b2c3d4e5f60030')]);
  const other = 'sg-0c5e1f90a1b2c3d43';
  add(other, 'default', 'default VPC security group', [fromGroup(other)], DEFAULT_VPC);
}

function seedRoutes(ec2: Ec2Service, region: Region, natA: string, natB: string): void {
  const gateway = 'igw-0a1b2c3d4e5f60003';
  const s3 = ec2.id('vpce');
  const local: Route = route({ destinationCidrBlock: '10.20.0.0/16', gatewayId: 'local' }, 'CreateRouteTable');
  const toS3 = route({ destinationPrefixListId: 'pl-6da54004', gatewayId: s3 });
  const toNat = (natGatewayId: string): Route => route({ destinationCidrBlock: '0.0.0.0/0', natGatewayId });
  const toInternet = route({ destinationCidrBlock: '0.0.0.0/0', gatewayId: gateway });
  const add = (
    routeTableId: string,
    name: string | undefined,
    routeSet: readonly Route[],
    subnets: readonly string[],
    vpcId = VPC,
  ): void => {
    const main = subnets.length === 0;
    const associations = main ? [undefined] : subnets;
    ec2.routeTables.set(routeTableId, {
      routeTableId,
      vpcId,
      ownerId: ACCOUNT,
      routeSet,
      associationSet: associations.map((subnetId) => ({
        routeTableAssociationId: ec2.id('rtbassoc'),
        routeTableId,
        ...(subnetId === undefined ? {} : { subnetId }),
        main,
        associationState: { state: 'associated' },
      })),
      propagatingVgwSet: [],
      tagSet: name === undefined ? [] : named(name),
    });
  };
  add('rtb-0a1b2c3d4e5f60040', undefined, [local], []);
  add('rtb-0a1b2c3d4e5f60041', 'data-platform-private-a', [local, toNat(natA), toS3], [PRIVATE_SUBNETS[0]]);
  add('rtb-0a1b2c3d4e5f60042', 'data-platform-private-b', [local, toNat(natB), toS3], [PRIVATE_SUBNETS[1]]);
  add('rtb-0a1b2c3d4e5f60043', 'data-platform-public', [local, toInternet], PUBLIC_SUBNETS);
  const localDefault = route({ destinationCidrBlock: '172.31.0.0/16', gatewayId: 'local' }, 'CreateRouteTable');
  const internet = route({ destinationCidrBlock: '0.0.0.0/0', gatewayId: 'igw-0c5e1f90a1b2c3d44' });
  add('rtb-0c5e1f90a1b2c3d45', undefined, [localDefault, internet], [], DEFAULT_VPC);
  ec2.endpoints.set(s3, {
    vpcEndpointId: s3,
    vpcEndpointType: 'Gateway',
    vpcId: VPC,
    serviceName: `com.amazonaws.${REGION}.s3`,
    state: 'available',
    policyDocument: FULL_ACCESS,
    routeTableIdSet: ['rtb-0a1b2c3d4e5f60041', 'rtb-0a1b2c3d4e5f60042'],
    subnetIdSet: [],
    groupSet: [],
    privateDnsEnabled: false,
    requesterManaged: false,
    networkInterfaceIdSet: [],
    dnsEntrySet: [],
    creationTimestamp: new Date(region.clock.now() - 300 * DAY),
    ownerId: ACCOUNT,
    tagSet: named('s3 gateway'),
  });
}

function route(target: Omit<Route, 'origin' | 'state'>, origin = 'CreateRoute'): Route {
  return { ...target, origin, state: 'active' };
}
