/** A tag as EC2's XML has it. */
export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** The resources below are in EC2's wire names, so that they are answered as they are. */
export interface Vpc {
  readonly vpcId: string;
  readonly ownerId: string;
  readonly state: string;
  readonly cidrBlock: string;
  readonly cidrBlockAssociationSet: readonly object[];
  readonly dhcpOptionsId: string;
  readonly instanceTenancy: string;
  readonly isDefault: boolean;
  readonly tagSet: readonly Tag[];
}

export interface Subnet {
  readonly subnetId: string;
  readonly subnetArn: string;
  readonly state: string;
  readonly vpcId: string;
  readonly ownerId: string;
  readonly cidrBlock: string;
  readonly ipv6CidrBlockAssociationSet: readonly object[];
  readonly availableIpAddressCount: number;
  readonly availabilityZone: string;
  readonly availabilityZoneId: string;
  readonly defaultForAz: boolean;
  readonly mapPublicIpOnLaunch: boolean;
  readonly mapCustomerOwnedIpOnLaunch: boolean;
  readonly assignIpv6AddressOnCreation: boolean;
  readonly enableDns64: boolean;
  readonly ipv6Native: boolean;
  readonly privateDnsNameOptionsOnLaunch: object;
  readonly tagSet: readonly Tag[];
}

/** One rule; ports are absent for protocol `-1`, which is all of them. */
export interface Permission {
  readonly ipProtocol: string;
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly groups: readonly { readonly groupId: string; readonly userId: string; readonly description?: string }[];
  readonly ipRanges: readonly { readonly cidrIp: string; readonly description?: string }[];
  readonly ipv6Ranges: readonly object[];
  readonly prefixListIds: readonly object[];
}

export interface SecurityGroup {
  readonly groupId: string;
  readonly securityGroupArn: string;
  readonly groupName: string;
  readonly groupDescription: string;
  readonly ownerId: string;
  readonly vpcId: string;
  readonly ipPermissions: readonly Permission[];
  readonly ipPermissionsEgress: readonly Permission[];
  readonly tagSet: readonly Tag[];
}

export interface VpcEndpoint {
  readonly vpcEndpointId: string;
  readonly vpcEndpointType: 'Interface' | 'Gateway';
  readonly vpcId: string;
  readonly serviceName: string;
  readonly state: string;
  readonly policyDocument: string;
  readonly routeTableIdSet: readonly string[];
  readonly subnetIdSet: readonly string[];
  readonly groupSet: readonly { readonly groupId: string; readonly groupName: string }[];
  readonly ipAddressType?: string;
  readonly dnsOptions?: object;
  readonly privateDnsEnabled: boolean;
  readonly requesterManaged: boolean;
  readonly networkInterfaceIdSet: readonly string[];
  readonly dnsEntrySet: readonly { readonly dnsName: string; readonly hostedZoneId: string }[];
  readonly creationTimestamp: Date;
  readonly ownerId: string;
  readonly tagSet: readonly Tag[];
}

export interface Route {
  readonly destinationCidrBlock?: string;
  readonly destinationPrefixListId?: string;
  readonly gatewayId?: string;
  readonly natGatewayId?: string;
  readonly origin: string;
  readonly state: string;
}

export interface RouteTable {
  readonly routeTableId: string;
  readonly vpcId: string;
  readonly ownerId: string;
  readonly routeSet: readonly Route[];
  readonly associationSet: readonly {
    readonly routeTableAssociationId: string;
    readonly routeTableId: string;
    readonly subnetId?: string;
    readonly main: boolean;
    readonly associationState: { readonly state: string };
  }[];
  readonly propagatingVgwSet: readonly object[];
  readonly tagSet: readonly Tag[];
}

export interface NetworkInterface {
  readonly networkInterfaceId: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly availabilityZone: string;
  readonly description: string;
  readonly ownerId: string;
  readonly requesterId?: string;
  readonly requesterManaged: boolean;
  readonly status: string;
  readonly macAddress: string;
  readonly privateIpAddress: string;
  readonly privateDnsName: string;
  readonly sourceDestCheck: boolean;
  readonly interfaceType: string;
  readonly groupSet: readonly { readonly groupId: string; readonly groupName: string }[];
  readonly attachment?: object;
  readonly association?: { readonly publicIp: string; readonly publicDnsName: string; readonly ipOwnerId: string };
  readonly ipv6AddressesSet: readonly object[];
  readonly privateIpAddressesSet: readonly object[];
  readonly tagSet: readonly Tag[];
}
