import { ruleAdmitsPort, type SecurityGroup } from '../../fleet/network.ts';
import type { CheckDefinition } from './check.ts';
import { placeOf } from './network.ts';

/** AwsVpcConfiguration takes so many groups. */
const MOST = 5;
/** AWS's own services, and the registries. */
const HTTPS = 443;

/** The security groups are there, few enough, and let out what the ingestion calls. */
export const securityGroups: CheckDefinition = {
  id: 'security-groups',
  source: 'https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html',
  look: async (preflight) => {
    const { securityGroups: ids } = placeOf(preflight);
    if (ids.length > MOST) {
      return {
        verdict: 'fail',
        evidence: `${ids.length} security groups; a task takes ${MOST}`,
        advice: 'Name fewer with --security-group.',
      };
    }
    const found = await preflight.surroundings.securityGroups(ids);
    const missing = ids.filter((id) => !found.some((group) => group.id === id));
    if (missing.length > 0) {
      return {
        verdict: 'fail',
        evidence: `There is no security group ${missing.join(', ')}`,
        advice: 'Name others with --security-group.',
      };
    }
    const ports = [...new Set([HTTPS, ...serverPort(preflight.request.pipeline.server.hostPort)])];
    const shut = ports.filter((port) => !letsOut(found, port));
    if (shut.length === 0) {
      return {
        verdict: 'pass',
        evidence: `${ids.join(', ')} let out ${ports.map((port) => `port ${port}`).join(', ')}`,
      };
    }
    return {
      verdict: shut.includes(HTTPS) ? 'fail' : 'warning',
      evidence: `No outbound rule of ${ids.join(', ')} lets out ${shut.map((port) => `port ${port}`).join(', ')}`,
      advice: 'Add an outbound rule, or name another group with --security-group.',
    };
  },
};

/** Rules are judged by port alone: to whom they lead can't be told from the name of a server. */
function letsOut(groups: readonly SecurityGroup[], port: number): boolean {
  return groups.some(({ outbound }) => outbound.some((rule) => ruleAdmitsPort(rule, port)));
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
