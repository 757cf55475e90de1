import { pages } from '../aws/pages.ts';
import type { Session } from '../aws/session.ts';
import type { Environment } from './environment.ts';
import { list, number, optionalText, text, texts } from './members.ts';

/** A subnet, and whether a route to an internet gateway makes it public. */
export interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  readonly availabilityZone: string;
  readonly cidr: string;
  readonly freeAddresses: number | undefined;
  readonly name: string | undefined;
  /** How it reaches the internet: a gateway (public), NAT (private), something else that routes all, or not. */
  readonly internet: 'gateway' | 'nat' | 'other' | 'none';
  /** The default route's target, raw. */
  readonly defaultRoute: string | undefined;
  readonly routeTableId: string | undefined;
}

/** One rule of a security group; a source is an address range, another group or a prefix list. */
export interface SecurityGroupRule {
  /** `tcp`, `udp`, or `-1` for all. */
  readonly protocol: string;
  readonly fromPort: number | undefined;
  readonly toPort: number | undefined;
  readonly ranges: readonly string[];
  readonly groups: readonly string[];
  readonly prefixLists: readonly string[];
}

/** A security group with its rules. */
export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
  readonly inbound: readonly SecurityGroupRule[];
  readonly outbound: readonly SecurityGroupRule[];
}

/** A VPC endpoint. */
export interface VpcEndpoint {
  readonly id: string;
  readonly vpcId: string;
  readonly serviceName: string;
  /** Interface, Gateway, raw. */
  readonly type: string;
  /** `available`, `pendingAcceptance`, raw. */
  readonly state: string;
  /** The endpoint's own name first, then those by zone. */
  readonly dnsNames: readonly string[];
  readonly subnetIds: readonly string[];
  readonly routeTableIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly privateDns: boolean;
}

/**
 * Subnets by id, in the order asked, with the way each reaches the internet by its route table. One that is not there is
 * left out: asked for by a filter, since EC2 refuses a list of ids with one that it does not know (DescribeSubnets,
 * InvalidSubnetID.NotFound).
 */
export async function readSubnets(session: Session, ids: readonly string[], signal: AbortSignal): Promise<Subnet[]> {
  if (ids.length === 0) return [];
  const found = await describeSubnets(session, { Filters: [{ Name: 'subnet-id', Values: [...ids] }] }, signal);
  return ids.flatMap((id) => found.filter((subnet) => subnet.id === id));
}

type SubnetQuery = Parameters<Session['ec2']['describeSubnets']>[0];

async function describeSubnets(session: Session, query: SubnetQuery, signal: AbortSignal): Promise<Subnet[]> {
  const subnets = [];
  const listed = pages(
    (NextToken) => session.ec2.describeSubnets({ ...query, ...(NextToken && { NextToken }) }, { signal }),
    (page) => page.NextToken,
  );
  for await (const page of listed) subnets.push(...list(page.Subnets));
  const tables = await routeTables(session, [...new Set(subnets.map((subnet) => text(subnet.VpcId)))], signal);
  return subnets.map((subnet) => {
    const id = text(subnet.SubnetId);
    // A subnet without a table of its own uses its VPC's main one.
    const table =
      tables.find((each) => each.subnets.includes(id)) ??
      tables.find((each) => each.main && each.vpcId === text(subnet.VpcId));
    return {
      id,
      vpcId: text(subnet.VpcId),
      availabilityZone: text(subnet.AvailabilityZone),
      cidr: text(subnet.CidrBlock),
      freeAddresses: number(subnet.AvailableIpAddressCount),
      name: optionalText(list(subnet.Tags).find((tag) => tag.Key === 'Name')?.Value),
      internet: internetBy(table?.defaultRoute),
      defaultRoute: table?.defaultRoute,
      routeTableId: table?.id,
    };
  });
}

interface RouteTable {
  readonly id: string;
  readonly vpcId: string;
  readonly main: boolean;
  readonly subnets: readonly string[];
  readonly defaultRoute: string | undefined;
}

async function routeTables(session: Session, vpcIds: readonly string[], signal: AbortSignal): Promise<RouteTable[]> {
  if (vpcIds.length === 0) return [];
  const tables: RouteTable[] = [];
  const query = { Filters: [{ Name: 'vpc-id', Values: [...vpcIds] }] };
  const listed = pages(
    (NextToken) => session.ec2.describeRouteTables({ ...query, ...(NextToken && { NextToken }) }, { signal }),
    (page) => page.NextToken,
  );
  for await (const page of listed) {
    for (const table of list(page.RouteTables)) {
      const associations = list(table.Associations);
      const route = list(table.Routes).find(
        (each) => each.DestinationCidrBlock === '0.0.0.0/0' && each.State !== 'blackhole',
      );
      tables.push({
        id: text(table.RouteTableId),
        vpcId: text(table.VpcId),
        main: associations.some((association) => association.Main === true),
        subnets: associations.flatMap((association) => optionalText(association.SubnetId) ?? []),
        defaultRoute:
          route &&
          (optionalText(route.GatewayId) ??
            optionalText(route.NatGatewayId) ??
            optionalText(route.TransitGatewayId) ??
            optionalText(route.VpcPeeringConnectionId) ??
            optionalText(route.NetworkInterfaceId) ??
            optionalText(route.InstanceId)),
      });
    }
  }
  return tables;
}

function internetBy(target: string | undefined): Subnet['internet'] {
  if (target === undefined) return 'none';
  if (target.startsWith('igw-')) return 'gateway';
  return target.startsWith('nat-') ? 'nat' : 'other';
}

/** Whether something in a subnet has a way to the internet: a gateway is one only with a public address of one's own. */
export function reachesInternet({ internet }: Pick<Subnet, 'internet'>, publicAddress = false): boolean {
  return internet === 'gateway' ? publicAddress : internet !== 'none';
}

/** Security groups by id, in the order asked; one that is not there is left out. */
export async function readSecurityGroups(
  session: Session,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<SecurityGroup[]> {
  if (ids.length === 0) return [];
  const found = await describeSecurityGroups(session, { Filters: [{ Name: 'group-id', Values: [...ids] }] }, signal);
  return ids.flatMap((id) => found.filter((group) => group.id === id));
}

type SecurityGroupQuery = Parameters<Session['ec2']['describeSecurityGroups']>[0];

async function describeSecurityGroups(session: Session, query: SecurityGroupQuery, signal: AbortSignal) {
  const groups: SecurityGroup[] = [];
  const listed = pages(
    (NextToken) => session.ec2.describeSecurityGroups({ ...query, ...(NextToken && { NextToken }) }, { signal }),
    (page) => page.NextToken,
  );
  for await (const page of listed) {
    for (const group of list(page.SecurityGroups)) {
      groups.push({
        id: text(group.GroupId),
        name: text(group.GroupName),
        description: text(group.Description),
        vpcId: text(group.VpcId),
        inbound: list(group.IpPermissions).map(ruleFrom),
        outbound: list(group.IpPermissionsEgress).map(ruleFrom),
      });
    }
  }
  return groups;
}

type SdkSecurityGroup = NonNullable<
  Awaited<ReturnType<Session['ec2']['describeSecurityGroups']>>['SecurityGroups']
>[number];

function ruleFrom(rule: NonNullable<SdkSecurityGroup['IpPermissions']>[number]): SecurityGroupRule {
  return {
    protocol: text(rule.IpProtocol),
    fromPort: number(rule.FromPort),
    toPort: number(rule.ToPort),
    ranges: [
      ...list(rule.IpRanges).map((range) => text(range.CidrIp)),
      ...list(rule.Ipv6Ranges).map((range) => text(range.CidrIpv6)),
    ],
    groups: list(rule.UserIdGroupPairs).map((pair) => text(pair.GroupId)),
    prefixLists: list(rule.PrefixListIds).map((prefixList) => text(prefixList.PrefixListId)),
  };
}

/** Whether a rule lets a port of TCP through. */
export function ruleAdmitsPort(rule: SecurityGroupRule, port: number): boolean {
  if (rule.protocol === '-1') return true;
  if (rule.protocol !== 'tcp' && rule.protocol !== '6') return false;
  return (rule.fromPort ?? 0) <= port && port <= (rule.toPort ?? 65_535);
}

type EndpointQuery = Parameters<Session['ec2']['describeVpcEndpoints']>[0];

async function describeVpcEndpoints(
  session: Session,
  query: EndpointQuery,
  signal: AbortSignal,
): Promise<VpcEndpoint[]> {
  const endpoints: VpcEndpoint[] = [];
  const listed = pages(
    (NextToken) => session.ec2.describeVpcEndpoints({ ...query, ...(NextToken && { NextToken }) }, { signal }),
    (page) => page.NextToken,
  );
  for await (const page of listed) {
    for (const endpoint of list(page.VpcEndpoints)) {
      endpoints.push({
        id: text(endpoint.VpcEndpointId),
        vpcId: text(endpoint.VpcId),
        serviceName: text(endpoint.ServiceName),
        type: text(endpoint.VpcEndpointType),
        state: text(endpoint.State),
        dnsNames: list(endpoint.DnsEntries).flatMap((entry) => optionalText(entry.DnsName) ?? []),
        subnetIds: texts(endpoint.SubnetIds),
        routeTableIds: texts(endpoint.RouteTableIds),
        securityGroupIds: list(endpoint.Groups).map((group) => text(group.GroupId)),
        privateDns: endpoint.PrivateDnsEnabled === true,
      });
    }
  }
  return endpoints;
}

/** All endpoints of a VPC. */
export function readVpcEndpoints(session: Session, vpcId: string, signal: AbortSignal): Promise<VpcEndpoint[]> {
  return describeVpcEndpoints(session, { Filters: [{ Name: 'vpc-id', Values: [vpcId] }] }, signal);
}

/**
 * The interface endpoints through which an environment's metadata database is reached, found by the service that
 * GetEnvironment names: first those in state `available`, of these first those in the environment's own subnets. With
 * `EndpointManagement` CUSTOMER there may be several, in any VPC. None when no service is named, or they lie in an account
 * or region whose endpoints can't be seen from here.
 */
export async function databaseEndpoints(
  session: Session,
  environment: Pick<Environment, 'databaseVpcEndpointService' | 'subnetIds'>,
  signal: AbortSignal,
): Promise<VpcEndpoint[]> {
  const service = environment.databaseVpcEndpointService;
  if (service === undefined) return [];
  const found = await describeVpcEndpoints(session, { Filters: [{ Name: 'service-name', Values: [service] }] }, signal);
  const endpoints = found.filter((endpoint) => endpoint.serviceName === service || endpoint.serviceName === '');
  const rank = ({ state, subnetIds }: VpcEndpoint): number =>
    (state.toLowerCase() === 'available' ? 0 : 2) +
    (subnetIds.some((id) => environment.subnetIds.includes(id)) ? 0 : 1);
  return endpoints.sort((one, other) => rank(one) - rank(other));
}
