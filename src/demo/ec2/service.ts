import type { Region } from '../region.ts';
import type { Operations } from '../service.ts';
import { ACCOUNT } from '../world/names.ts';
import type { NetworkInterface, RouteTable, SecurityGroup, Subnet, Vpc, VpcEndpoint } from './network.ts';
import { ec2Operations } from './operations.ts';
import { seedNetwork } from './world.ts';

/** What a new network interface needs. */
export interface NewInterface {
  readonly subnetId: string;
  readonly groups: readonly string[];
  readonly description: string;
  /** `interface` unless said, `vpc_endpoint` or `nat_gateway`. */
  readonly interfaceType?: string;
  /** Account or service that made it for the customer. */
  readonly requesterId?: string;
  readonly publicIp?: boolean;
}

/** EC2 as far as a network is described: VPCs, subnets, groups, endpoints, routes, interfaces. */
export class Ec2Service {
  readonly operations: Operations;
  readonly vpcs = new Map<string, Vpc>();
  readonly subnets = new Map<string, Subnet>();
  readonly securityGroups = new Map<string, SecurityGroup>();
  readonly endpoints = new Map<string, VpcEndpoint>();
  readonly routeTables = new Map<string, RouteTable>();
  readonly interfaces = new Map<string, NetworkInterface>();
  readonly #region: Region;
  /** Host number last given in a subnet; addresses are not given twice. */
  readonly #hosts = new Map<string, number>();

  constructor(region: Region) {
    this.#region = region;
    this.operations = ec2Operations(this);
  }

  start(): void {
    seedNetwork(this, this.#region);
  }

  /** An ID such as `eni-0…`: the prefix and 17 digits. */
  id(prefix: string): string {
    return `${prefix}-0${this.#region.hex(16)}`;
  }

  /** Puts an interface into a subnet with the next free address. */
  attachInterface(wanted: NewInterface): NetworkInterface {
    const subnet = this.subnets.get(wanted.subnetId);
    const address = this.#address(wanted.subnetId);
    const dashed = address.replaceAll('.', '-');
    const domain = `${this.#region.name}.compute`;
    const octet = (): string => this.#region.hex(2);
    const host = `${52 + Math.floor(this.#region.random() * 4)}.${[0, 0, 0].map(() => Math.floor(this.#region.random() * 250) + 2).join('.')}`;
    const association = {
      publicIp: host,
      publicDnsName: `ec2-${host.replaceAll('.', '-')}.${domain}.amazonaws.com`,
      ipOwnerId: 'amazon',
    };
    const made: NetworkInterface = {
      networkInterfaceId: this.id('eni'),
      subnetId: wanted.subnetId,
      vpcId: subnet?.vpcId ?? '',
      availabilityZone: subnet?.availabilityZone ?? '',
      description: wanted.description,
      ownerId: ACCOUNT,
      ...(wanted.requesterId === undefined ? {} : { requesterId: wanted.requesterId }),
      requesterManaged: wanted.requesterId !== undefined,
      status: 'in-use',
      macAddress: ['0a', octet(), octet(), octet(), octet(), octet()].join(':'),
      privateIpAddress: address,
      privateDnsName: `ip-${dashed}.${domain}.internal`,
      sourceDestCheck: wanted.interfaceType !== 'nat_gateway',
      interfaceType: wanted.interfaceType ?? 'interface',
      groupSet: wanted.groups.map((groupId) => ({
        groupId,
        groupName: this.securityGroups.get(groupId)?.groupName ?? groupId,
      })),
      attachment: {
        attachmentId: this.id('eni-attach'),
        deviceIndex: 1,
        status: 'attached',
        attachTime: new Date(this.#region.clock.now()),
        deleteOnTermination: true,
        instanceOwnerId: 'amazon-aws',
      },
      ...(wanted.publicIp === true ? { association } : {}),
      ipv6AddressesSet: [],
      privateIpAddressesSet: [{ privateIpAddress: address, primary: true }],
      tagSet: [],
    };
    this.interfaces.set(made.networkInterfaceId, made);
    return made;
  }

  /** Takes an interface away, as when a task ends. */
  releaseInterface(id: string): void {
    this.interfaces.delete(id);
  }

  #address(subnetId: string): string {
    const [base = '10.0.0.0'] = (this.subnets.get(subnetId)?.cidrBlock ?? '').split('/');
    // EC2 keeps the first four addresses of a subnet to itself.
    const host = (this.#hosts.get(subnetId) ?? 3) + 1;
    this.#hosts.set(subnetId, host);
    const [a = 10, b = 0, c = 0, d = 0] = base.split('.').map(Number);
    const low = d + host;
    return [a, b, (c + Math.floor(low / 256)) % 256, low % 256].join('.');
  }
}
