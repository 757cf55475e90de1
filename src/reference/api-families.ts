/** A group of operations that AWS throttles together, and how fast the product lets itself call it. */
export interface ApiFamily {
  /** Shown while it waits, such as `logs:FilterLogEvents`. */
  readonly name: string;
  /** Requests a second that the product allows itself. */
  readonly rate: number;
  /** Requests that may go at once before the rate holds. */
  readonly burst: number;
  /** Member of the input that has a limit of its own, such as the environment's name for its Airflow. */
  readonly per?: string;
}

/**
 * Limits are per account and region and shared with everyone else there, so the product takes about half.
 * ECS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html (burst, refill).
 * Logs: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html; FilterLogEvents
 * is 5/s in the tightest regions and cannot be raised. InvokeRestApi: 10/s an environment (MWAA FAQ).
 * EC2: https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html (describes 50-100, refill 10-20).
 * MWAA's control plane, IAM and STS publish no number: a careful guess, corrected by the first throttle.
 */
export const families = {
  'mwaa-read': { name: 'mwaa:read', rate: 5, burst: 10 },
  'mwaa-write': { name: 'mwaa:write', rate: 1, burst: 2 },
  'airflow-rest': { name: 'airflow:InvokeRestApi', rate: 5, burst: 5, per: 'Name' },
  'ecs-cluster-write': { name: 'ecs:cluster-modify', rate: 0.5, burst: 10 },
  'ecs-cluster-read': { name: 'ecs:cluster-read', rate: 10, burst: 25 },
  'ecs-definition-write': { name: 'ecs:task-definition-modify', rate: 0.5, burst: 10 },
  'ecs-definition-read': { name: 'ecs:task-definition-read', rate: 10, burst: 25 },
  'ecs-resource-write': { name: 'ecs:cluster-resource-modify', rate: 20, burst: 50 },
  'ecs-resource-read': { name: 'ecs:cluster-resource-read', rate: 10, burst: 50 },
  'ecs-service-read': { name: 'ecs:service-read', rate: 10, burst: 50 },
  'ecs-tags': { name: 'ecs:tags', rate: 5, burst: 10 },
  'logs-filter': { name: 'logs:FilterLogEvents', rate: 2.5, burst: 5 },
  'logs-get': { name: 'logs:GetLogEvents', rate: 5, burst: 5 },
  'logs-groups': { name: 'logs:DescribeLogGroups', rate: 5, burst: 5 },
  'logs-streams': { name: 'logs:DescribeLogStreams', rate: 12, burst: 12 },
  'logs-other': { name: 'logs:other', rate: 2.5, burst: 5 },
  s3: { name: 's3', rate: 100, burst: 100 },
  sts: { name: 'sts', rate: 10, burst: 10 },
  iam: { name: 'iam', rate: 10, burst: 20 },
  ec2: { name: 'ec2:describe', rate: 10, burst: 25 },
  secrets: { name: 'secretsmanager', rate: 20, burst: 20 },
} as const satisfies Record<string, ApiFamily>;
