import { reachesInternet, type Subnet, type VpcEndpoint } from '../../fleet/network.ts';
import type { CheckDefinition, Finding } from './check.ts';
import { cutSubnets, namesOf, placeOf, servicesCalled, workersOf } from './network.ts';

const TITLES: Readonly<Record<string, string>> = {
  secretsmanager: 'Secrets Manager',
  logs: 'CloudWatch Logs',
  'airflow.env': 'MWAA',
  sts: 'STS',
  ssm: 'Systems Manager',
};

/** The subnets reach the registry of the image: by NAT, by a public address, or by ECR's endpoints. */
export const imageRoute: CheckDefinition = {
  id: 'image-route',
  source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html',
  look: async (preflight) => {
    const { ecs, region } = preflight.request;
    if (ecs === undefined) return undefined;
    const cut = await cutSubnets(preflight, placeOf(preflight));
    if (cut.length === 0) return { verdict: 'pass', evidence: `${ecs.subnets.join(', ')} reach the internet` };
    const endpoints = await preflight.surroundings.endpoints(cut);
    const lacking = missingEndpoints(endpoints, cut, region, ['ecr.api', 'ecr.dkr', 's3']);
    // Endpoints lead to the registry of their own region.
    const fromEcr = new RegExp(`\\.dkr\\.ecr(-fips)?\\.${region}\\.`).test(ecs.image);
    const names = namesOf(cut);
    if (fromEcr && lacking.length === 0) {
      return { verdict: 'pass', evidence: `${names} have no route to the internet, and the endpoints that ECR needs` };
    }
    const publicOnly = cut.every(({ internet }) => internet === 'gateway');
    return {
      verdict: fromEcr || publicOnly ? 'fail' : 'warning',
      evidence: publicOnly
        ? `${names} are public, and the task gets no public address: it can't pull ${ecs.image}`
        : fromEcr
          ? `${names} have no route to the internet, and no VPC endpoint for ${lacking.join(', ')}: ${ecs.image} can't be pulled`
          : `${names} have no route to the internet: the image must come from ECR in ${region}`,
      advice: fromEcr
        ? `Add VPC endpoints for ${lacking.join(', ')}, or use subnets with NAT.`
        : 'Use private subnets with NAT (--subnet), or mirror the image into ECR (--image).',
    };
  },
};

/** Where the ingestion runs reaches the AWS services it calls: its secret, a task its log group, what its source reads. */
export const servicesRoute: CheckDefinition = {
  id: 'aws-route',
  source: 'https://docs.aws.amazon.com/mwaa/latest/userguide/vpc-vpe-create-access.html',
  look: async (preflight) => {
    const { region } = preflight.request;
    const wanted = servicesCalled(preflight);
    const cut = await cutSubnets(preflight, placeOf(preflight));
    const titles = wanted.map((service) => TITLES[service] ?? service);
    const words = [titles.slice(0, -1).join(', '), titles.at(-1)].filter((part) => part !== '').join(' and ');
    if (cut.length === 0) return { verdict: 'pass', evidence: `${words} are reached over the internet` };
    const endpoints = await preflight.surroundings.endpoints(cut);
    const lacking = missingEndpoints(endpoints, cut, region, wanted);
    if (lacking.length > 0) {
      return {
        verdict: 'fail',
        evidence: `${namesOf(cut)} have no route to the internet, and no VPC endpoint for ${lacking.join(', ')}`,
        advice: `Add interface endpoints for ${lacking.join(', ')} with private DNS, or use subnets with NAT.`,
      };
    }
    const nameless = endpointsFor(endpoints, region, wanted).filter(({ privateDns }) => !privateDns);
    if (nameless.length === 0) return { verdict: 'pass', evidence: `${words} are reached by VPC endpoints` };
    return {
      verdict: 'warning',
      evidence: `${nameless.map(({ id }) => id).join(', ')} have no private DNS: the service's usual name does not lead there`,
      advice: 'Switch private DNS on, or let the names resolve in another way.',
    };
  },
};

/** The environment's workers reach ECS, whose operator starts the task and waits for it from there. */
export const operatorRoute: CheckDefinition = {
  id: 'operator-route',
  source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html',
  look: async (preflight) => {
    if (preflight.request.ecs === undefined) return undefined;
    const cut = await cutSubnets(preflight, workersOf(preflight));
    if (cut.length === 0) return { verdict: 'pass', evidence: 'The workers reach ECS over the internet' };
    const endpoints = await preflight.surroundings.endpoints(cut);
    const lacking = missingEndpoints(endpoints, cut, preflight.request.region, ['ecs', 'logs']);
    if (lacking.length === 0) return { verdict: 'pass', evidence: 'The workers reach ECS by VPC endpoints' };
    return {
      verdict: 'fail',
      evidence: `${namesOf(cut)}, where the workers run, have no route to the internet, and no VPC endpoint for ${lacking.join(', ')}: no task is started, or followed`,
      advice: `Add interface endpoints for ${lacking.join(', ')} with private DNS, or a route by NAT.`,
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
    const cut = subnets.filter((subnet) => !reachesInternet(subnet));
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
    const cut = await cutSubnets(preflight, placeOf(preflight));
    if (cut.length === 0) return { verdict: 'pass', evidence: `${host} is reached by the route to the internet` };
    return {
      verdict: 'warning',
      evidence: `${namesOf(cut)} have no route to the internet: ${host} has to resolve to an address in the VPC or a peered one`,
      advice: 'Check its name in the VPC, or use subnets with NAT.',
    };
  },
};

/** Of some services, the interface endpoints that are there. */
export function endpointsFor(
  endpoints: readonly VpcEndpoint[],
  region: string,
  services: readonly string[],
): readonly VpcEndpoint[] {
  return endpoints.filter(
    (endpoint) => services.some((service) => serves(endpoint, region, service)) && !isGateway(endpoint),
  );
}

/** The services that no endpoint leads to from these subnets: a gateway serves those alone whose route table names it. */
function missingEndpoints(
  endpoints: readonly VpcEndpoint[],
  from: readonly Subnet[],
  region: string,
  services: readonly string[],
): string[] {
  const leads = (endpoint: VpcEndpoint) =>
    !isGateway(endpoint) ||
    from.every(({ routeTableId }) => routeTableId === undefined || endpoint.routeTableIds.includes(routeTableId));
  return services.filter(
    (service) => !endpoints.some((endpoint) => serves(endpoint, region, service) && leads(endpoint)),
  );
}

/** China's regions have names of the same end, behind `cn.`. */
function serves({ serviceName, state }: VpcEndpoint, region: string, service: string): boolean {
  return /^available$/i.test(state) && serviceName.endsWith(`com.amazonaws.${region}.${service}`);
}

function isGateway({ type }: VpcEndpoint): boolean {
  return /^gateway$/i.test(type);
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
