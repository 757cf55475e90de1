/** An ECS cluster as DescribeClusters has it, with what it runs of ours. */
export interface Cluster {
  readonly name: string;
  readonly arn: string;
  /** ACTIVE, PROVISIONING, DEPROVISIONING, FAILED, INACTIVE, raw. */
  readonly status: string;
  readonly runningTasks: number | undefined;
  readonly pendingTasks: number | undefined;
  readonly activeServices: number | undefined;
  readonly containerInstances: number | undefined;
  readonly capacityProviders: readonly string[];
  readonly defaultCapacityProviderStrategy: readonly CapacityProviderShare[];
  /** Ingestion tasks not yet stopped; undefined until counted, or when they can't be (a note says why). */
  readonly ingestionTasks: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** What could not be read, one sentence each. */
  readonly notes: readonly string[];
}

/** One line of a capacity provider strategy. */
export interface CapacityProviderShare {
  readonly capacityProvider: string;
  readonly base: number;
  readonly weight: number;
}
