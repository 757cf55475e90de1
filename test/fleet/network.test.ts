import { describe, expect, it } from 'vitest';
import { databaseEndpoints, readSecurityGroups, readSubnets, ruleAdmitsPort } from '../../src/fleet/network.ts';
import { fakeSession, quiet } from './fake-session.ts';

const service = 'com.amazonaws.vpce.eu-west-1.vpce-svc-1';

describe('subnets', () => {
  const tables = [
    {
      RouteTableId: 'rtb-main',
      VpcId: 'vpc-1',
      Associations: [{ Main: true }],
      Routes: [{ DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local' }],
    },
    {
      RouteTableId: 'rtb-public',
      VpcId: 'vpc-1',
      Associations: [{ SubnetId: 'subnet-pub' }],
      Routes: [{ DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1' }],
    },
    {
      RouteTableId: 'rtb-nat',
      VpcId: 'vpc-1',
      Associations: [{ SubnetId: 'subnet-nat' }],
      Routes: [{ DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-1' }],
    },
    {
      RouteTableId: 'rtb-dead',
      VpcId: 'vpc-1',
      Associations: [{ SubnetId: 'subnet-dead' }],
      Routes: [{ DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-2', State: 'blackhole' }],
    },
    {
      RouteTableId: 'rtb-tgw',
      VpcId: 'vpc-1',
      Associations: [{ SubnetId: 'subnet-tgw' }],
      Routes: [{ DestinationCidrBlock: '0.0.0.0/0', TransitGatewayId: 'tgw-1' }],
    },
  ];

  it('are public or private by the route table that holds for them', async () => {
    const { session, calls } = fakeSession({
      ec2: {
        describeSubnets: ({ Filters }) => ({
          Subnets: (Filters as [{ readonly Values: string[] }])[0].Values.toReversed().map((SubnetId) => ({
            SubnetId,
            VpcId: 'vpc-1',
            Tags: [{ Key: 'Name', Value: SubnetId }],
          })),
        }),
        describeRouteTables: ({ NextToken }) =>
          NextToken === undefined
            ? { RouteTables: tables.slice(0, 2), NextToken: 'more' }
            : { RouteTables: tables.slice(2) },
      },
    });
    const ids = ['subnet-pub', 'subnet-nat', 'subnet-dead', 'subnet-tgw', 'subnet-bare'];
    const subnets = await readSubnets(session, ids, quiet());
    expect(
      subnets.map(({ id, internet, defaultRoute, routeTableId }) => [id, internet, defaultRoute, routeTableId]),
    ).toEqual([
      ['subnet-pub', 'gateway', 'igw-1', 'rtb-public'],
      ['subnet-nat', 'nat', 'nat-1', 'rtb-nat'],
      ['subnet-dead', 'none', undefined, 'rtb-dead'],
      ['subnet-tgw', 'other', 'tgw-1', 'rtb-tgw'],
      ['subnet-bare', 'none', undefined, 'rtb-main'],
    ]);
    expect(calls.at(-1)?.input).toMatchObject({ Filters: [{ Name: 'vpc-id', Values: ['vpc-1'] }] });
  });

  it('are none where none is asked for', async () => {
    const { session, calls } = fakeSession({});
    expect(await readSubnets(session, [], quiet())).toEqual([]);
    expect(await readSecurityGroups(session, [], quiet())).toEqual([]);
    expect(calls).toEqual([]);
  });
});

describe('security groups', () => {
  it('admit ports by their rules', async () => {
    const { session } = fakeSession({
      ec2: {
        describeSecurityGroups: () => ({
          SecurityGroups: [
            {
              GroupId: 'sg-1',
              GroupName: 'airflow',
              IpPermissions: [
                { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, UserIdGroupPairs: [{ GroupId: 'sg-1' }] },
                { IpProtocol: '-1', IpRanges: [{ CidrIp: '10.0.0.0/8' }], Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
              ],
            },
          ],
        }),
      },
    });
    const [group] = await readSecurityGroups(session, ['sg-1'], quiet());
    const admits = (port: number) => group?.inbound.map((rule) => ruleAdmitsPort(rule, port));
    expect([admits(5432), admits(443)]).toEqual([
      [true, true],
      [false, true],
    ]);
    expect(group?.inbound.map(({ groups, ranges }) => [groups, ranges])).toEqual([
      [['sg-1'], []],
      [[], ['10.0.0.0/8', '::/0']],
    ]);
    expect(group?.outbound).toEqual([]);
  });
});

describe('the endpoint of a metadata database', () => {
  const place = { databaseVpcEndpointService: service, subnetIds: ['subnet-1'] };

  it('is found by the service that the environment names', async () => {
    const { session, calls } = fakeSession({
      ec2: {
        describeVpcEndpoints: () => ({
          VpcEndpoints: [
            { VpcEndpointId: 'vpce-old', ServiceName: service, State: 'deleting' },
            {
              VpcEndpointId: 'vpce-1',
              ServiceName: service,
              State: 'Available',
              DnsEntries: [{ DnsName: 'vpce-1.amazonaws.com' }, {}],
              Groups: [{ GroupId: 'sg-1' }],
            },
          ],
        }),
      },
    });
    expect(await databaseEndpoints(session, place, quiet())).toMatchObject([
      { id: 'vpce-1', dnsNames: ['vpce-1.amazonaws.com'], securityGroupIds: ['sg-1'] },
      { id: 'vpce-old' },
    ]);
    expect(calls[0]?.input).toEqual({ Filters: [{ Name: 'service-name', Values: [service] }] });
  });

  it('is none where none is named or seen', async () => {
    const { session, calls } = fakeSession({ ec2: { describeVpcEndpoints: () => ({}) } });
    expect(await databaseEndpoints(session, { subnetIds: [] }, quiet())).toEqual([]);
    expect(calls).toEqual([]);
    expect(await databaseEndpoints(session, place, quiet())).toEqual([]);
  });
});
