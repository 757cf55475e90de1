import { ruleAdmitsPort, type SecurityGroup, type SecurityGroupRule } from '../../fleet/network.ts';
import type { CheckDefinition } from './check.ts';
import { cutSubnets, placeOf, servicesCalled } from './network.ts';
import { endpointsFor } from './routes.ts';

/** AwsVpcConfiguration takes so many groups. */
const MOST = 5;
/** AWS's own services, and the registries. */
const HTTPS = 443;

/** The security groups are there, few enough, of the subnets' VPC, and let out what the ingestion calls. */
export const securityGroups: CheckDefinition = {
  id: 'security-groups',
  source: 'https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html',
  look: async (preflight) => {
    const { surroundings } = preflight;
    const place = placeOf(preflight);
    const { securityGroups: ids } = place;
    if (ids.length > MOST) {
      return {
        verdict: 'fail',
        evidence: `${ids.length} security groups; a task takes ${MOST}`,
        advice: 'Name fewer with --security-group.',
      };
    }
    const found = await surroundings.securityGroups(ids);
    const missing = ids.filter((id) => !found.some((group) => group.id === id));
    if (missing.length > 0) {
      return {
        verdict: 'fail',
        evidence: `There is no security group ${missing.join(', ')}`,
        advice: 'Name others with --security-group.',
      };
    }
    const vpcs = new Set((await surroundings.subnets(place.subnets)).map(({ vpcId }) => vpcId));
    const elsewhere = found.filter(({ vpcId }) => vpcs.size > 0 && !vpcs.has(vpcId));
    if (elsewhere.length > 0) {
      return {
        verdict: 'fail',
        evidence: `${elsewhere.map(({ id, vpcId }) => `${id} is of ${vpcId}`).join(', ')}, the subnets are of ${[...vpcs].join(', ')}`,
        advice: 'Name groups of the VPC of the subnets with --security-group.',
      };
    }
    const ports = [...new Set([HTTPS, ...serverPort(preflight.request.pipeline.server.hostPort)])];
    const shut = ports.filter((port) => outbound(found, port).length === 0);
    if (shut.length > 0) {
      return {
        verdict: shut.includes(HTTPS) ? 'fail' : 'warning',
        evidence: `No outbound rule of ${ids.join(', ')} lets out ${shut.map((port) => `port ${port}`).join(', ')}`,
        advice: 'Add an outbound rule, or name another group with --security-group.',
      };
    }
    if (!outbound(found, HTTPS).some(leadsOutside) && (await cutSubnets(preflight, place)).length === 0) {
      return {
        verdict: 'warning',
        evidence: `${ids.join(', ')} let out port ${HTTPS} to private addresses and other groups alone: by VPC endpoints AWS is reached, over the internet nothing`,
        advice: 'Add an outbound rule for it, or see that an endpoint serves all that is called.',
      };
    }
    const evidence = `${ids.join(', ')} let out ${ports.map((port) => `port ${port}`).join(', ')}`;
    return { verdict: 'pass', evidence };
  },
};

/** Where VPC endpoints are the only way to AWS, their own security groups let the ingestion in. */
export const endpointGroups: CheckDefinition = {
  id: 'endpoint-groups',
  source: 'https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html',
  look: async (preflight) => {
    const { surroundings, request } = preflight;
    const place = placeOf(preflight);
    const cut = await cutSubnets(preflight, place);
    if (cut.length === 0) return undefined;
    const called = [...servicesCalled(preflight), ...(request.ecs === undefined ? [] : ['ecr.api', 'ecr.dkr'])];
    const endpoints = endpointsFor(await surroundings.endpoints(cut), request.region, called);
    const groups = await surroundings.securityGroups([
      ...new Set(endpoints.flatMap(({ securityGroupIds }) => securityGroupIds)),
    ]);
    const letsIn = ({ ranges, prefixLists, groups: from }: SecurityGroupRule) =>
      ranges.length > 0 || prefixLists.length > 0 || from.some((id) => place.securityGroups.includes(id));
    const shut = endpoints.filter(({ securityGroupIds }) => {
      const own = groups.filter(({ id }) => securityGroupIds.includes(id));
      return own.length > 0 && !inbound(own, HTTPS).some(letsIn);
    });
    if (endpoints.length === 0) return undefined;
    if (shut.length === 0) return { verdict: 'pass', evidence: 'The VPC endpoints let the ingestion in' };
    return {
      verdict: 'fail',
      evidence: `No security group of ${shut.map(({ id }) => id).join(', ')} lets ${place.securityGroups.join(', ')} in by port ${HTTPS}`,
      advice: 'Add an inbound rule for that group to one of the endpoint.',
    };
  },
};

/** Rules are judged by port alone where it leads to a server: its address can't be told from its name. */
function outbound(groups: readonly SecurityGroup[], port: number): SecurityGroupRule[] {
  return groups.flatMap((group) => group.outbound.filter((rule) => ruleAdmitsPort(rule, port)));
}

function inbound(groups: readonly SecurityGroup[], port: number): SecurityGroupRule[] {
  return groups.flatMap((group) => group.inbound.filter((rule) => ruleAdmitsPort(rule, port)));
}

/** Whether a rule leads beyond private networks; what a prefix list holds can't be told from its name. */
function leadsOutside({ ranges, prefixLists }: SecurityGroupRule): boolean {
  const isPrivate = (range: string) => /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|f[cd])/.test(range);
  return prefixLists.length > 0 || ranges.some((range) => !isPrivate(range));
}

function serverPort(hostPort: string | undefined): number[] {
  if (hostPort === undefined) return [];
  try {
    const { port, protocol } = new URL(hostPort);
    return [port === '' ? (protocol === 'http:' ? 80 : HTTPS) : Number(port)];
  } catch {
    return [];
  }
}
