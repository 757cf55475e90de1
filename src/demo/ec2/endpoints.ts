import type { Region } from '../region.ts';
import { ACCOUNT, PRIVATE_SUBNETS, REGION, VPC } from '../world/names.ts';
import type { Tag } from './network.ts';
import type { Ec2Service } from './service.ts';

const DAY = 86_400_000;

/** The policy that an endpoint has unless somebody gives it another. */
export const FULL_ACCESS = JSON.stringify({
  Statement: [{ Action: '*', Effect: 'Allow', Principal: '*', Resource: '*' }],
});

/** Interfaces and endpoints that MWAA makes in a customer's VPC are its service account's. */
export const MWAA_REQUESTER = '210987654321';

/** What a new interface endpoint needs. */
export interface NewEndpoint {
  readonly serviceName: string;
  readonly group: string;
  readonly requester?: string;
  readonly tags: readonly Tag[];
  /** Age in days. */
  readonly days: number;
}

/** Adds an interface endpoint in the private subnets, with its interfaces and its DNS names. */
export function addEndpoint(ec2: Ec2Service, region: Region, wanted: NewEndpoint): void {
  const vpcEndpointId = ec2.id('vpce');
  const interfaces = PRIVATE_SUBNETS.map((subnetId) =>
    ec2.attachInterface({
      subnetId,
      groups: [wanted.group],
      description: `VPC Endpoint Interface ${vpcEndpointId}`,
      interfaceType: 'vpc_endpoint',
      requesterId: wanted.requester ?? 'amazon-aws',
    }),
  );
  const service = /(vpce-svc-[0-9a-f]+)$/.exec(wanted.serviceName)?.[1];
  const domain =
    service === undefined
      ? `${wanted.serviceName.split('.').at(-1)}.${REGION}.vpce.amazonaws.com`
      : `${service}.${REGION}.vpce.amazonaws.com`;
  const label = `${vpcEndpointId}-${region.hex(8)}`;
  const hosts = [`${label}.${domain}`, ...['a', 'b'].map((zone) => `${label}-${REGION}${zone}.${domain}`)];
  ec2.endpoints.set(vpcEndpointId, {
    vpcEndpointId,
    vpcEndpointType: 'Interface',
    vpcId: VPC,
    serviceName: wanted.serviceName,
    // EC2 answers it in small letters, whatever its model's enumeration says.
    state: 'available',
    policyDocument: FULL_ACCESS,
    routeTableIdSet: [],
    subnetIdSet: PRIVATE_SUBNETS,
    groupSet: [{ groupId: wanted.group, groupName: ec2.securityGroups.get(wanted.group)?.groupName ?? wanted.group }],
    ipAddressType: 'ipv4',
    dnsOptions: { dnsRecordIpType: 'ipv4' },
    privateDnsEnabled: wanted.requester === undefined,
    requesterManaged: wanted.requester !== undefined,
    networkInterfaceIdSet: interfaces.map(({ networkInterfaceId }) => networkInterfaceId),
    dnsEntrySet: hosts.map((dnsName) => ({ dnsName, hostedZoneId: 'Z38GZ743OKFT7T' })),
    creationTimestamp: new Date(region.clock.now() - wanted.days * DAY),
    ownerId: ACCOUNT,
    tagSet: wanted.tags,
  });
}
