import { reachesInternet, type Subnet } from '../../fleet/network.ts';
import { secretReferences } from '../../ingestion/secret-references.ts';
import type { CheckDefinition, Preflight } from './check.ts';

/** Where the ingestion runs: the task's own network, or the environment's workers. */
export interface Place {
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  /** Whether a gateway is a way out: only with a public address of one's own. */
  readonly publicAddress: boolean;
}

export function placeOf({ environment, request: { ecs } }: Pick<Preflight, 'environment' | 'request'>): Place {
  if (ecs === undefined) return workersOf({ environment });
  return { subnets: ecs.subnets, securityGroups: ecs.securityGroups, publicAddress: ecs.assignPublicIp };
}

/** Where the environment's workers run: MWAA gives them no public address. */
export function workersOf({ environment }: Pick<Preflight, 'environment'>): Place {
  return { subnets: environment.subnetIds, securityGroups: environment.securityGroupIds, publicAddress: false };
}

/** The subnets of a place that have no way to the internet. */
export async function cutSubnets(
  { surroundings }: Pick<Preflight, 'surroundings'>,
  { subnets, publicAddress }: Place,
): Promise<Subnet[]> {
  return (await surroundings.subnets(subnets)).filter((subnet) => !reachesInternet(subnet, publicAddress));
}

/** The AWS services that the ingestion itself calls, as the names of VPC endpoints have them. */
export function servicesCalled({ request }: Pick<Preflight, 'request'>): string[] {
  const { ecs, pipeline } = request;
  return [
    'secretsmanager',
    ...(ecs === undefined ? [] : ['logs']),
    ...(pipeline.airflow?.mwaaEnvironmentName === undefined ? [] : ['airflow.env']),
    ...(pipeline.airflow?.assumeRoleArn === undefined ? [] : ['sts']),
    ...(secretReferences(pipeline)?.store === 'ssm' ? ['ssm'] : []),
  ];
}

/** The subnets are there, in one VPC, and have addresses left. */
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
    const full = found.filter(({ freeAddresses }) => freeAddresses === 0);
    if (full.length > 0) {
      return {
        verdict: full.length === found.length ? 'fail' : 'warning',
        evidence: `${namesOf(full)} ${full.length === 1 ? 'has' : 'have'} no free address: nothing starts there`,
        advice: 'Free some, or name other subnets with --subnet.',
      };
    }
    return { verdict: 'pass', evidence: `${ids.join(', ')} lie in ${[...vpcs].join(', ')}` };
  },
};

export function namesOf(subnets: readonly Subnet[]): string {
  return subnets.map(({ id }) => id).join(', ');
}
