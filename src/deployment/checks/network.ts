import type { Subnet, VpcEndpoint } from '../../fleet/network.ts';
import type { CheckDefinition, Finding, Preflight } from './check.ts';

/** Where the ingestion runs: the task's own network, or the environment's workers. */
export interface Place {
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  /** Whether a gateway is a way out: only with a public address of one's own. */
  readonly publicAddress: boolean;
}

export function placeOf({ environment, request: { ecs } }: Pick<Preflight, 'environment' | 'request'>): Place {
  if (ecs === undefined) {
    return {
      subnets: environment.subnetIds,
      securityGroups: environment.securityGroupIds,
      publicAddress: false,
    };
  }
  return { subnets: ecs.subnets, securityGroups: ecs.securityGroups, publicAddress: ecs.assignPublicIp };
}

/** The subnets of the place that have no way to the internet. */
async function cutSubnets(preflight: Preflight): Promise<Subnet[]> {
  const { subnets, publicAddress } = placeOf(preflight);
  return (await preflight.surroundings.subnets(subnets)).filter(
    ({ internet }) => internet === 'none' || (internet === 'gateway' && !publicAddress),
  );
}

/** The subnets are there, and in one VPC. */
export const subnetsThere: CheckDefinition = {
  id: 'subnets',
  source: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html',
  look: async (preflight) => {
    const { subnets: ids } = placeOf(preflight);
    const found = await preflight.surroundings.subnets(ids);
    const missing = ids.filter((id) => !found.some((subnet) => subnet.id === id));
    if (missing.length > 0) {
      return {
        verdict: 'fail',
        evidence: `There is no subnet ${missing.join(', ')}`,
        advice: 'Name others with --subnet.',
      };
    }
    const vpcs = new Set(found.map(({ vpcId }) => vpcId));
    if (vpcs.size > 1) {
      return {
        verdict: 'fail',
        evidence: `${ids.join(', ')} lie in several VPCs: ${[...vpcs].join(', ')}`,
        advice: 'Name subnets of one VPC with --subnet.',
      };
    }
    return { verdict: 'pass', evidence: `${ids.join(', ')} lie in ${[...vpcs].join(', ')}` };
  },
};

/** The subnets reach the registry of the image: by NAT, by a public address, or by ECR's endpoints. */
export const imageRoute: CheckDefinition = {
  id: 'image-route',
  source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html',
  look: async (preflight) => {
    const { ecs, region } = preflight.request;
    if (ecs === undefined) return undefined;
    const cut = await cutSubnets(preflight);
    if (cut.length === 0) return { verdict: 'pass', evidence: `${ecs.subnets.join(', ')} reach the internet` };
    const endpoints = await preflight.surroundings.endpoints(cut);
    const lacking = missingEndpoints(endpoints, region, ['ecr.api', 'ecr.dkr', 's3']);
    const fromEcr = /\.dkr\.ecr\./.test(ecs.image);
    const names = namesOf(cut);
    if (fromEcr && lacking.length === 0) {
      return { verdict: 'pass', evidence: `${names} have no route to the internet, and the endpoints that ECR needs` };
    }
    const publicOnly = cut.every(({ internet }) => internet === 'gateway');
    return {
      verdict: fromEcr || publicOnly ? 'fail' : 'warning',
      evidence: publicOnly
        ? `${names} are public, and the task gets no public address: it can't pull ${ecs.image}`
        : `${names} have no route to the internet: the image must come from ECR`,
      advice: fromEcr
        ? `Add VPC endpoints for ${lacking.join(', ')}, or use subnets with NAT.`
        : 'Use private subnets with NAT (--subnet), or mirror the image into ECR (--image).',
    };
  },
};

/** Where the ingestion runs reaches the AWS services it calls: its secret, and a task its log group. */
export const servicesRoute: CheckDefinition = {
  id: 'aws-route',
  source: 'https://docs.aws.amazon.com/mwaa/latest/userguide/vpc-vpe-create-access.html',
  look: async (preflight) => {
    const { ecs, region } = preflight.request;
    const wanted = ecs === undefined ? ['secretsmanager'] : ['secretsmanager', 'logs'];
    const cut = await cutSubnets(preflight);
    const words = wanted.map((service) => (service === 'logs' ? 'CloudWatch Logs' : 'Secrets Manager')).join(' and ');
    if (cut.length === 0) return { verdict: 'pass', evidence: `${words} are reached over the internet` };
    const endpoints = await preflight.surroundings.endpoints(cut);
    const lacking = missingEndpoints(endpoints, region, wanted);
    if (lacking.length > 0) {
      return {
        verdict: 'fail',
        evidence: `${namesOf(cut)} have no route to the internet, and no VPC endpoint for ${lacking.join(', ')}`,
        advice: `Add interface endpoints for ${lacking.join(', ')} with private DNS, or use subnets with NAT.`,
      };
    }
    const nameless = endpoints.filter(
      ({ serviceName, type, privateDns }) =>
        wanted.some((service) => serviceName === `com.amazonaws.${region}.${service}`) &&
        type.toLowerCase() === 'interface' &&
        !privateDns,
    );
    if (nameless.length === 0) return { verdict: 'pass', evidence: `${words} are reached by VPC endpoints` };
    return {
      verdict: 'warning',
      evidence: `${nameless.map(({ id }) => id).join(', ')} have no private DNS: the service's usual name does not lead there`,
      advice: 'Switch private DNS on, or let the names resolve in another way.',
    };
  },
};

/** Airflow 3 workers call the web server: with a public one alone, subnets without a route stop every task. */
export const airflow3Workers: CheckDefinition = {
  id: 'airflow3-web-server',
  source: 'https://docs.aws.amazon.com/mwaa/latest/userguide/configuring-networking.html',
  look: async ({ environment, surroundings }) => {
    if (Number.parseInt(environment.airflowVersion, 10) < 3 || environment.webserverAccessMode !== 'PUBLIC_ONLY') {
      return undefined;
    }
    const subnets = await surroundings.subnets(environment.subnetIds);
    const cut = subnets.filter(({ internet }) => internet === 'none');
    if (cut.length === 0) return { verdict: 'pass', evidence: 'The workers reach the public web server' };
    return {
      verdict: 'fail',
      evidence: `${namesOf(cut)} have no route to the public web server that Airflow 3 workers call`,
      advice: 'Set the web server access to PUBLIC_AND_PRIVATE (Airflow 3.2 and later) or PRIVATE_ONLY, or add NAT.',
    };
  },
};

/** The OpenMetadata server can be reached from where the ingestion runs, as far as routes tell. */
export const serverRoute: CheckDefinition = {
  id: 'openmetadata-route',
  source: 'https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html',
  look: async (preflight): Promise<Finding | undefined> => {
    const { hostPort } = preflight.request.pipeline.server;
    const host = hostPort === undefined ? undefined : hostOf(hostPort);
    if (host === undefined) return undefined;
    if (isLoopback(host)) {
      // In an embedded region everything is on this machine, its tasks too.
      if (isLoopback(hostOf(preflight.session.endpoint ?? '') ?? '')) return undefined;
      return {
        verdict: 'fail',
        evidence: `${hostPort} is the machine that the ingestion itself runs on`,
        advice: 'Name the server by an address that the VPC reaches (openMetadataServerConfig.hostPort).',
      };
    }
    if (isPrivate(host)) return { verdict: 'pass', evidence: `${host} is inside the VPC or a network joined to it` };
    const cut = await cutSubnets(preflight);
    if (cut.length === 0) return { verdict: 'pass', evidence: `${host} is reached by the route to the internet` };
    return {
      verdict: 'warning',
      evidence: `${namesOf(cut)} have no route to the internet: ${host} has to resolve to an address in the VPC or a peered one`,
      advice: 'Check its name in the VPC, or use subnets with NAT.',
    };
  },
};

function missingEndpoints(endpoints: readonly VpcEndpoint[], region: string, services: readonly string[]): string[] {
  return services.filter(
    (service) =>
      !endpoints.some(
        ({ serviceName, state }) =>
          serviceName === `com.amazonaws.${region}.${service}` && state.toLowerCase() === 'available',
      ),
  );
}

function namesOf(subnets: readonly Subnet[]): string {
  return subnets.map(({ id }) => id).join(', ');
}

function hostOf(address: string): string | undefined {
  try {
    return new URL(address).hostname;
  } catch {
    return undefined;
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\./.test(host);
}

/** RFC 1918 and shared addresses, and names that no public resolver knows. */
function isPrivate(host: string): boolean {
  return (
    /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/.test(host) ||
    /\.(internal|local|lan|corp|home\.arpa)$/.test(host) ||
    !/[.:]/.test(host)
  );
}
