/**
 * An ingestion that was deployed into an environment, as recorded in the environment's own bucket. Mode `ecs`
 * has the members from `cluster` to `assignPublicIp`.
 */
export interface Ingestion {
  readonly schema: 1;
  readonly dagId: string;
  readonly mode: 'ecs' | 'python' | 'virtualenv';
  readonly openmetadataVersion: string;
  readonly airflowVersion: string;
  readonly pipeline: {
    readonly serviceName?: string | undefined;
    readonly sourceType: string;
    readonly pipelineType: string;
  };
  readonly secretArn: string;
  readonly cluster?: string | undefined;
  readonly taskDefinitionArn?: string | undefined;
  readonly container?: string | undefined;
  readonly logGroup?: string | undefined;
  readonly logStreamPrefix?: string | undefined;
  readonly subnets?: readonly string[] | undefined;
  readonly securityGroups?: readonly string[] | undefined;
  readonly assignPublicIp?: boolean | undefined;
  /** The DAG's object in the bucket, and the version that the deployment put. */
  readonly dagKey: string;
  readonly dagVersionId?: string | undefined;
  readonly policyName: string;
  readonly executionRoleName: string;
  readonly schedule?: string | undefined;
  readonly deploymentId: string;
  /** Ms since the epoch; ISO in the stored object. */
  readonly deployedAt: number;
  /** The caller's ARN. */
  readonly deployedBy: string;
}

/** Where an ingestion's record lies in the environment's bucket. */
export function ingestionKey(environment: string, dagId: string): string {
  return `mwaa-console/${environment}/ingestions/${dagId}.json`;
}
