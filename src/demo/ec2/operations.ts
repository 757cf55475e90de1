import { AwsError, type Operations } from '../service.ts';
import { describing } from './describe.ts';
import type { NetworkInterface, Permission, SecurityGroup } from './network.ts';
import type { Ec2Service } from './service.ts';

const flag = (value: boolean): string => String(value);

/** Filters of a security group's rules, ingress (`ip-permission.`) or egress (`egress.ip-permission.`). */
function permissionFilters(prefix: string, rules: (group: SecurityGroup) => readonly Permission[]) {
  const of =
    (values: (rule: Permission) => readonly (string | undefined)[]) =>
    (group: SecurityGroup): readonly (string | undefined)[] =>
      rules(group).flatMap(values);
  const text = (value: number | undefined): string | undefined => (value === undefined ? undefined : String(value));
  return {
    [`${prefix}cidr`]: of((rule) => rule.ipRanges.map(({ cidrIp }) => cidrIp)),
    [`${prefix}from-port`]: of((rule) => [text(rule.fromPort)]),
    [`${prefix}to-port`]: of((rule) => [text(rule.toPort)]),
    [`${prefix}protocol`]: of((rule) => [rule.ipProtocol]),
    [`${prefix}group-id`]: of((rule) => rule.groups.map(({ groupId }) => groupId)),
  };
}

const groupIds = ({ groupSet }: Pick<NetworkInterface, 'groupSet'>): string[] => groupSet.map(({ groupId }) => groupId);

/** EC2's Describe operations by AWS name (API version 2016-11-15). */
export function ec2Operations(ec2: Ec2Service): Operations {
  return {
    DescribeVpcs: describing({
      operation: 'DescribeVpcs',
      items: () => ec2.vpcs.values(),
      id: (vpc) => vpc.vpcId,
      parameter: 'VpcId',
      prefix: 'vpc',
      missing: ['InvalidVpcID.NotFound', 'vpc ID'],
      set: 'vpcSet',
      least: 5,
      filters: {
        cidr: (vpc) => [vpc.cidrBlock],
        'cidr-block-association.cidr-block': (vpc) => [vpc.cidrBlock],
        'dhcp-options-id': (vpc) => [vpc.dhcpOptionsId],
        'is-default': (vpc) => [flag(vpc.isDefault)],
        'owner-id': (vpc) => [vpc.ownerId],
        state: (vpc) => [vpc.state],
        'vpc-id': (vpc) => [vpc.vpcId],
      },
    }),

    DescribeSubnets: describing(
      {
        operation: 'DescribeSubnets',
        items: () => ec2.subnets.values(),
        id: (subnet) => subnet.subnetId,
        parameter: 'SubnetId',
        prefix: 'subnet',
        missing: ['InvalidSubnetID.NotFound', 'subnet ID'],
        set: 'subnetSet',
        least: 5,
        filters: {
          'availability-zone': (subnet) => [subnet.availabilityZone],
          'availability-zone-id': (subnet) => [subnet.availabilityZoneId],
          'cidr-block': (subnet) => [subnet.cidrBlock],
          'default-for-az': (subnet) => [flag(subnet.defaultForAz)],
          'map-public-ip-on-launch': (subnet) => [flag(subnet.mapPublicIpOnLaunch)],
          'owner-id': (subnet) => [subnet.ownerId],
          state: (subnet) => [subnet.state],
          'subnet-arn': (subnet) => [subnet.subnetArn],
          'subnet-id': (subnet) => [subnet.subnetId],
          'vpc-id': (subnet) => [subnet.vpcId],
        },
      },
      (subnet) => {
        const used = [...ec2.interfaces.values()].filter(({ subnetId }) => subnetId === subnet.subnetId).length;
        return { ...subnet, availableIpAddressCount: subnet.availableIpAddressCount - used };
      },
    ),

    DescribeSecurityGroups: describing({
      operation: 'DescribeSecurityGroups',
      items: () => ec2.securityGroups.values(),
      id: (group) => group.groupId,
      parameter: 'GroupId',
      prefix: 'sg',
      missing: ['InvalidGroup.NotFound', 'security group'],
      set: 'securityGroupInfo',
      least: 5,
      selectors: {
        GroupName: {
          values: (group) => [group.groupName],
          missing: (name) => new AwsError('InvalidGroup.NotFound', `The security group '${name}' does not exist`),
        },
      },
      filters: {
        description: (group) => [group.groupDescription],
        'group-id': (group) => [group.groupId],
        'group-name': (group) => [group.groupName],
        'owner-id': (group) => [group.ownerId],
        'vpc-id': (group) => [group.vpcId],
        ...permissionFilters('ip-permission.', (group) => group.ipPermissions),
        ...permissionFilters('egress.ip-permission.', (group) => group.ipPermissionsEgress),
      },
    }),

    DescribeVpcEndpoints: describing({
      operation: 'DescribeVpcEndpoints',
      items: () => ec2.endpoints.values(),
      id: (endpoint) => endpoint.vpcEndpointId,
      parameter: 'VpcEndpointId',
      prefix: 'vpce',
      missing: ['InvalidVpcEndpointId.NotFound', 'Vpc Endpoint Id'],
      set: 'vpcEndpointSet',
      least: 1,
      filters: {
        'ip-address-type': (endpoint) => [endpoint.ipAddressType],
        'service-name': (endpoint) => [endpoint.serviceName],
        'vpc-endpoint-id': (endpoint) => [endpoint.vpcEndpointId],
        // The filter's documented name has it in lower case, the answers in camel case; EC2 takes both.
        'vpc-endpoint-state': (endpoint) => [endpoint.state, endpoint.state.toLowerCase()],
        'vpc-endpoint-type': (endpoint) => [endpoint.vpcEndpointType],
        'vpc-id': (endpoint) => [endpoint.vpcId],
      },
    }),

    DescribeRouteTables: describing({
      operation: 'DescribeRouteTables',
      items: () => ec2.routeTables.values(),
      id: (table) => table.routeTableId,
      parameter: 'RouteTableId',
      prefix: 'rtb',
      missing: ['InvalidRouteTableID.NotFound', 'routeTable ID'],
      set: 'routeTableSet',
      least: 5,
      filters: {
        'association.main': (table) => table.associationSet.map(({ main }) => flag(main)),
        'association.route-table-association-id': (table) =>
          table.associationSet.map(({ routeTableAssociationId }) => routeTableAssociationId),
        'association.route-table-id': (table) => table.associationSet.map(({ routeTableId }) => routeTableId),
        'association.subnet-id': (table) => table.associationSet.map(({ subnetId }) => subnetId),
        'owner-id': (table) => [table.ownerId],
        'route-table-id': (table) => [table.routeTableId],
        'route.destination-cidr-block': (table) => table.routeSet.map((route) => route.destinationCidrBlock),
        'route.destination-prefix-list-id': (table) => table.routeSet.map((route) => route.destinationPrefixListId),
        'route.gateway-id': (table) => table.routeSet.map(({ gatewayId }) => gatewayId),
        'route.nat-gateway-id': (table) => table.routeSet.map(({ natGatewayId }) => natGatewayId),
        'route.origin': (table) => table.routeSet.map(({ origin }) => origin),
        'route.state': (table) => table.routeSet.map(({ state }) => state),
        'vpc-id': (table) => [table.vpcId],
      },
    }),

    DescribeNetworkInterfaces: describing({
      operation: 'DescribeNetworkInterfaces',
      items: () => ec2.interfaces.values(),
      id: (entry) => entry.networkInterfaceId,
      parameter: 'NetworkInterfaceId',
      prefix: 'eni',
      missing: ['InvalidNetworkInterfaceID.NotFound', 'networkInterface ID'],
      set: 'networkInterfaceSet',
      least: 5,
      filters: {
        'addresses.private-ip-address': (entry) => [entry.privateIpAddress],
        'association.public-ip': (entry) => [entry.association?.publicIp],
        'availability-zone': (entry) => [entry.availabilityZone],
        description: (entry) => [entry.description],
        'group-id': groupIds,
        'group-name': ({ groupSet }) => groupSet.map(({ groupName }) => groupName),
        'interface-type': (entry) => [entry.interfaceType],
        'mac-address': (entry) => [entry.macAddress],
        'network-interface-id': (entry) => [entry.networkInterfaceId],
        'owner-id': (entry) => [entry.ownerId],
        'private-dns-name': (entry) => [entry.privateDnsName],
        'private-ip-address': (entry) => [entry.privateIpAddress],
        'requester-id': (entry) => [entry.requesterId],
        'requester-managed': (entry) => [flag(entry.requesterManaged)],
        status: (entry) => [entry.status],
        'subnet-id': (entry) => [entry.subnetId],
        'vpc-id': (entry) => [entry.vpcId],
      },
    }),
  };
}
