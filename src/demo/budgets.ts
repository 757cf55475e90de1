import type { Clock } from './clock.ts';

interface Budget {
  /** Requests that may come at once. */
  readonly burst: number;
  /** Requests regained a second of the region's time. */
  readonly perSecond: number;
  readonly operations: readonly string[];
  /** Input member whose value has a bucket of its own. */
  readonly each?: string;
}

const perSecond = (rate: number, ...operations: string[]): Budget => ({ burst: rate, perSecond: rate, operations });
const bucket = (burst: number, rate: number, ...operations: string[]): Budget => ({
  burst,
  perSecond: rate,
  operations,
});

/**
 * The request quotas that the services publish, by service: logs for eu-west-1
 * (AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl), ecs (AmazonECS/latest/APIReference/request-throttling),
 * MWAA's REST API (mwaa/latest/userguide/access-mwaa-apache-airflow-rest-api), EC2's non-mutating actions.
 */
const BUDGETS: Readonly<Record<string, readonly Budget[]>> = {
  logs: [
    perSecond(10, 'FilterLogEvents'),
    perSecond(10, 'GetLogEvents'),
    perSecond(10, 'DescribeLogGroups'),
    perSecond(25, 'DescribeLogStreams'),
    perSecond(10, 'StartQuery'),
    perSecond(10, 'GetQueryResults'),
    perSecond(10, 'CreateLogGroup', 'DeleteLogGroup', 'PutRetentionPolicy', 'DeleteRetentionPolicy'),
  ],
  ecs: [
    bucket(20, 1, 'CreateCluster', 'DeleteCluster', 'UpdateCluster', 'PutClusterCapacityProviders'),
    bucket(50, 20, 'DescribeClusters', 'ListClusters', 'DescribeCapacityProviders'),
    bucket(20, 1, 'RegisterTaskDefinition', 'DeregisterTaskDefinition'),
    bucket(50, 20, 'DescribeTaskDefinition', 'ListTaskDefinitions', 'ListTaskDefinitionFamilies'),
    bucket(100, 40, 'RunTask', 'StopTask', 'StartTask', 'ExecuteCommand'),
    bucket(100, 20, 'DescribeTasks', 'ListTasks', 'DescribeContainerInstances', 'ListContainerInstances'),
    bucket(50, 5, 'CreateService', 'UpdateService', 'DeleteService'),
    bucket(100, 20, 'DescribeServices', 'ListServices'),
    bucket(20, 10, 'TagResource', 'UntagResource', 'ListTagsForResource'),
  ],
  airflow: [{ ...perSecond(10, 'InvokeRestApi'), each: 'Name' }],
  ec2: [
    bucket(
      100,
      20,
      'DescribeVpcs',
      'DescribeSubnets',
      'DescribeSecurityGroups',
      'DescribeVpcEndpoints',
      'DescribeRouteTables',
      'DescribeNetworkInterfaces',
    ),
  ],
};

/** Token buckets per account, region and API family, on the region's clock. */
export class Budgets {
  readonly #clock: Clock;
  readonly #levels = new Map<string, { tokens: number; at: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes one request's token; false when the family has none left. */
  take(service: string, operation: string, input: Readonly<Record<string, unknown>>): boolean {
    const families = BUDGETS[service] ?? [];
    const family = families.findIndex((budget) => budget.operations.includes(operation));
    const budget = families[family];
    if (budget === undefined) return true;
    const key = `${service}:${family}:${budget.each === undefined ? '' : String(input[budget.each])}`;
    const now = this.#clock.now();
    const level = this.#levels.get(key) ?? { tokens: budget.burst, at: now };
    const regained = (Math.max(0, now - level.at) / 1000) * budget.perSecond;
    const tokens = Math.min(budget.burst, level.tokens + regained);
    const granted = tokens >= 1;
    this.#levels.set(key, { tokens: granted ? tokens - 1 : tokens, at: now });
    return granted;
  }
}
