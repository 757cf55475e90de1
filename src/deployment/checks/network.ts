import { readSubnets, readVpcEndpoints, type VpcEndpoint } from '../../fleet/network.ts';
import type { CheckDefinition } from './check.ts';

/** The subnets reach the registry of the image: by NAT, by a public address, or by ECR's endpoints. */
export const imageRoute: CheckDefinition = {
  id: 'image-route',
  source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html',
  look: async ({ session, request: { ecs, region } }, signal) => {
    if (ecs === undefined) return undefined;
    const subnets = await readSubnets(session, ecs.subnets, signal);
    const missing = ecs.subnets.filter((id) => !subnets.some((subnet) => subnet.id === id));
    if (missing.length > 0) {
      return {
        verdict: 'fail',
        evidence: `There is no subnet ${missing.join(', ')}`,
        advice: 'Name others with --subnet.',
      };
    }
    const cut = subnets.filter(
      ({ internet }) => internet === 'none' || (internet === 'gateway' && !ecs.assignPublicIp),
    );
    if (cut.length === 0) {
      return { verdict: 'pass', evidence: `${subnets.map(({ id }) => id).join(', ')} reach the internet` };
    }
    const vpcs = [...new Set(cut.map(({ vpcId }) => vpcId))];
    const endpoints = (await Promise.all(vpcs.map((id) => readVpcEndpoints(session, id, signal)))).flat();
    const services = ['ecr.api', 'ecr.dkr', 's3', 'logs', 'secretsmanager'];
    const lacking = services.filter((service) => !offers(endpoints, `com.amazonaws.${region}.${service}`));
    const fromEcr = /\.dkr\.ecr\./.test(ecs.image);
    const names = cut.map(({ id }) => id).join(', ');
    const publicOnly = cut.every(({ internet }) => internet === 'gateway');
    if (fromEcr && lacking.length === 0) {
      return { verdict: 'pass', evidence: `${names} have no route to the internet, and the endpoints that ECR needs` };
    }
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

/** Airflow 3 workers call the web server: with a public one alone, subnets without a route stop every task. */
export const airflow3Workers: CheckDefinition = {
  id: 'airflow3-web-server',
  source: 'https://docs.aws.amazon.com/mwaa/latest/userguide/configuring-networking.html',
  look: async ({ session, environment }, signal) => {
    if (Number.parseInt(environment.airflowVersion, 10) < 3 || environment.webserverAccessMode !== 'PUBLIC_ONLY') {
      return undefined;
    }
    const subnets = await readSubnets(session, environment.subnetIds, signal);
    const cut = subnets.filter(({ internet }) => internet === 'none').map(({ id }) => id);
    if (cut.length === 0) return { verdict: 'pass', evidence: 'The workers reach the public web server' };
    return {
      verdict: 'fail',
      evidence: `${cut.join(', ')} have no route to the public web server that Airflow 3 workers call`,
      advice: 'Set the web server access to PUBLIC_AND_PRIVATE (Airflow 3.2 and later) or PRIVATE_ONLY, or add NAT.',
    };
  },
};

function offers(endpoints: readonly VpcEndpoint[], service: string): boolean {
  return endpoints.some((endpoint) => endpoint.serviceName === service && endpoint.state.toLowerCase() === 'available');
}
