import {
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { clientOptions, regionOfFile, sendForm } from '../core/bench.ts';

const bench = regionOfFile();
const ec2 = (key = 'test') => new EC2Client(clientOptions(bench.running, key));
const VPC = 'vpc-0a1b2c3d4e5f60001';
const PRIVATE = ['subnet-0a1b2c3d4e5f60011', 'subnet-0a1b2c3d4e5f60012'];
const GROUP = 'sg-0a1b2c3d4e5f60031';
const filter = (Name: string, ...Values: string[]) => ({ Filters: [{ Name, Values }] });

describe('the network of the world', () => {
  it('has one VPC of its own beside the default one', async () => {
    const { Vpcs } = await ec2().send(new DescribeVpcsCommand(filter('is-default', 'false')));
    expect(Vpcs).toMatchObject([
      { VpcId: VPC, CidrBlock: '10.20.0.0/16', State: 'available', IsDefault: false, OwnerId: '123456789012' },
    ]);
    expect(Vpcs?.[0]?.Tags).toEqual([{ Key: 'Name', Value: 'data-platform' }]);
  });

  it('has private and public subnets in two zones', async () => {
    const { Subnets } = await ec2().send(new DescribeSubnetsCommand({ SubnetIds: PRIVATE }));
    expect(Subnets).toMatchObject([
      { SubnetId: PRIVATE[0], AvailabilityZone: 'eu-west-1a', MapPublicIpOnLaunch: false, VpcId: VPC },
      { SubnetId: PRIVATE[1], AvailabilityZone: 'eu-west-1b', MapPublicIpOnLaunch: false, VpcId: VPC },
    ]);
    const open = { Name: 'map-public-ip-on-launch', Values: ['true'] };
    const here = { Name: 'vpc-id', Values: [VPC] };
    const found = await ec2().send(new DescribeSubnetsCommand({ Filters: [open, here] }));
    expect(found.Subnets).toHaveLength(2);
  });

  it('routes private subnets through a NAT gateway, public ones through the internet gateway', async () => {
    const routes = async (subnet: string) => {
      const { RouteTables } = await ec2().send(new DescribeRouteTablesCommand(filter('association.subnet-id', subnet)));
      expect(RouteTables).toHaveLength(1);
      return RouteTables?.[0]?.Routes?.find((route) => route.DestinationCidrBlock === '0.0.0.0/0');
    };
    expect((await routes(PRIVATE[0] ?? ''))?.NatGatewayId).toMatch(/^nat-0/);
    expect((await routes('subnet-0a1b2c3d4e5f60021'))?.GatewayId).toMatch(/^igw-0/);
    const { RouteTables } = await ec2().send(new DescribeRouteTablesCommand(filter('association.main', 'true')));
    expect(RouteTables).toHaveLength(2);
  });

  it('admits the group of the ingestion tasks to the database', async () => {
    const { SecurityGroups } = await ec2().send(new DescribeSecurityGroupsCommand({ GroupIds: [GROUP] }));
    expect(SecurityGroups?.[0]).toMatchObject({ GroupName: 'mwaa-environments', VpcId: VPC });
    expect(SecurityGroups?.[0]?.IpPermissions).toMatchObject([
      { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: GROUP }] },
      { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, UserIdGroupPairs: [{ GroupId: 'sg-0a1b2c3d4e5f60032' }] },
    ]);
    expect(SecurityGroups?.[0]?.IpPermissionsEgress).toMatchObject([{ IpRanges: [{ CidrIp: '0.0.0.0/0' }] }]);
    const byName = await ec2().send(new DescribeSecurityGroupsCommand({ GroupNames: ['openmetadata-ingestion'] }));
    expect(byName.SecurityGroups?.[0]?.GroupId).toBe('sg-0a1b2c3d4e5f60032');
  });

  it('has the database endpoint of an environment with its names', async () => {
    const service = 'com.amazonaws.vpce.eu-west-1.vpce-svc-0d2f6b83c51e70b22';
    const { VpcEndpoints } = await ec2().send(new DescribeVpcEndpointsCommand(filter('service-name', service)));
    expect(VpcEndpoints).toHaveLength(1);
    const endpoint = VpcEndpoints?.[0];
    expect(endpoint).toMatchObject({
      VpcEndpointType: 'Interface',
      State: 'available',
      RequesterManaged: true,
      SubnetIds: PRIVATE,
      Groups: [{ GroupId: GROUP, GroupName: 'mwaa-environments' }],
    });
    expect(endpoint?.CreationTimestamp).toBeInstanceOf(Date);
    const name = /^vpce-0[0-9a-f]{16}-[0-9a-f]{8}\.vpce-svc-0d2f6b83c51e70b22\.eu-west-1\.vpce\.amazonaws\.com$/;
    expect(endpoint?.DnsEntries?.[0]?.DnsName).toMatch(name);
    expect(endpoint?.DnsEntries).toHaveLength(3);
    const interfaces = { NetworkInterfaceIds: endpoint?.NetworkInterfaceIds ?? [] };
    const { NetworkInterfaces } = await ec2().send(new DescribeNetworkInterfacesCommand(interfaces));
    expect(NetworkInterfaces?.map(({ SubnetId }) => SubnetId)).toEqual(PRIVATE);
    expect(NetworkInterfaces?.[0]).toMatchObject({ InterfaceType: 'vpc_endpoint', Status: 'in-use' });
  });

  it('gives tasks interfaces with addresses of their own', async () => {
    const attach = () =>
      bench.running.region.ec2.attachInterface({ subnetId: PRIVATE[0] ?? '', groups: [GROUP], description: 'a task' });
    const [one, two] = [attach(), attach()];
    expect(one.privateIpAddress).toMatch(/^10\.20\.16\.\d+$/);
    expect(one.privateIpAddress).not.toBe(two.privateIpAddress);
    const sought = filter('description', 'a task');
    expect((await ec2().send(new DescribeNetworkInterfacesCommand(sought))).NetworkInterfaces).toHaveLength(2);
    for (const { networkInterfaceId } of [one, two]) bench.running.region.ec2.releaseInterface(networkInterfaceId);
    expect((await ec2().send(new DescribeNetworkInterfacesCommand(sought))).NetworkInterfaces).toHaveLength(0);
  });
});

describe('a describe', () => {
  it('filters by tags, wildcards and any of several values', async () => {
    const subnets = async (name: string, ...values: string[]) =>
      (await ec2().send(new DescribeSubnetsCommand(filter(name, ...values)))).Subnets?.length;
    expect(await subnets('tag:Name', 'data-platform-private-*')).toBe(2);
    expect(await subnets('tag:Name', 'data-platform-private-a', 'data-platform-public-?')).toBe(3);
    expect(await subnets('tag-key', 'Name')).toBe(4);
    expect(await subnets('vpc-id', 'vpc-none')).toBe(0);
  });

  it('pages', async () => {
    const ids: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const more = NextToken === undefined ? {} : { NextToken };
      const page = await ec2().send(new DescribeNetworkInterfacesCommand({ MaxResults: 5, ...more }));
      expect(page.NetworkInterfaces?.length).toBeLessThanOrEqual(5);
      ids.push(...(page.NetworkInterfaces ?? []).map(({ NetworkInterfaceId }) => NetworkInterfaceId));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(new Set(ids).size).toBe(bench.running.region.ec2.interfaces.size);
  });

  it.each([
    ['an unknown id', { SubnetIds: ['subnet-00000000000000000'] }, 'InvalidSubnetID.NotFound'],
    ['another kind of id', { SubnetIds: ['vpc-1'] }, 'InvalidSubnetID.Malformed'],
    ['an unknown filter', filter('colour', 'red'), 'InvalidParameterValue'],
    ['too small a page', { MaxResults: 2 }, 'InvalidParameterValue'],
    ['a page of named ids', { MaxResults: 5, SubnetIds: PRIVATE }, 'InvalidParameterCombination'],
    ['a token of nowhere', { NextToken: 'x' }, 'InvalidNextToken'],
    ['a dry run', { DryRun: true }, 'DryRunOperation'],
  ])('refuses %s', async (_, input, name) => {
    await expect(ec2().send(new DescribeSubnetsCommand(input))).rejects.toMatchObject({ name });
  });

  it('refuses a parameter that it does not know', async () => {
    const answer = await sendForm(bench.running, 'ec2', {
      Action: 'DescribeVpcs',
      Version: '2016-11-15',
      Colour: 'red',
    });
    expect(answer.body).toContain('<Code>UnknownParameter</Code>');
    expect(answer.body).toContain('The parameter Colour is not recognized');
  });

  it('refuses callers without the permission as EC2 does', async () => {
    await expect(ec2('AKIADEMONOACCESS0000').send(new DescribeVpcsCommand({}))).rejects.toMatchObject({
      name: 'UnauthorizedOperation',
      message:
        'You are not authorized to perform this operation. User: arn:aws:sts::123456789012:assumed-role/NoAccess/demo is not ' +
        'authorized to perform: ec2:DescribeVpcs because no identity-based policy allows the ec2:DescribeVpcs action',
      $metadata: { httpStatusCode: 403 },
    });
  });
});
