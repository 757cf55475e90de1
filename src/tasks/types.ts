import type { Task } from '../fleet/tasks.ts';
import type { LogEvent } from '../logs/event.ts';
import type { FollowState } from '../logs/follow-state.ts';

/** What RunTask is asked. Overrides carry only `pipelineType` and `pipelineRunId`: they stand in clear in DescribeTasks. */
export interface RunRequest {
  /** Name or ARN. */
  readonly cluster: string;
  /** Family, family:revision or ARN. */
  readonly taskDefinition: string;
  /** The container that runs the ingestion; the definition's only (or first essential) one when absent. */
  readonly container?: string | undefined;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly assignPublicIp: boolean;
  /** Such as FARGATE_SPOT; launch type FARGATE when absent. */
  readonly capacityProvider?: string | undefined;
  readonly pipelineType?: string | undefined;
  /** A UUID: OpenMetadata refuses anything else. */
  readonly pipelineRunId?: string | undefined;
  /** Instead of what the container runs; nothing secret, since whoever may describe tasks reads it. */
  readonly command?: readonly string[] | undefined;
  readonly startedBy?: string | undefined;
  /** Longest time the task may take from its creation, ms; it is stopped then. Kept by the follower, not by ECS. */
  readonly timeout?: number | undefined;
  /** At most 64 printable ASCII characters; made when absent. The same token never starts a second task. */
  readonly clientToken?: string | undefined;
}

/** Which task to follow. */
export interface FollowedTask {
  /** Name or ARN. */
  readonly cluster: string;
  readonly taskArn: string;
  /** The ingestion's container; the definition's first essential one when absent. */
  readonly container?: string | undefined;
  /** The task is stopped when it has existed so long, ms. */
  readonly timeout?: number | undefined;
}

export type PhaseName = 'provisioning' | 'pending' | 'activating' | 'running' | 'stopping';

/** One phase of a task's life. Times are the task's own where ECS gives them, else when they were observed. */
export interface Phase {
  readonly name: PhaseName;
  readonly startedAt: number;
  /** Absent while it lasts. */
  readonly endedAt?: number;
  /** ms, up to now while it lasts. */
  readonly duration: number;
  /** With `pending`: the image pull, a part of it; ms. */
  readonly pull?: number;
}

/** Counts of one step of an OpenMetadata workflow, from its summary in the log. */
export interface StepSummary {
  readonly name: string;
  readonly records: number;
  readonly updated: number;
  readonly filtered: number;
  readonly warnings: number;
  readonly errors: number;
  /** 0 to 100; null where the workflow's version does not tell it per step. */
  readonly success: number | null;
}

/** The summary an OpenMetadata workflow prints at its end. */
export interface WorkflowSummary {
  readonly steps: readonly StepSummary[];
  readonly records: number;
  readonly filtered: number;
  readonly warnings: number;
  readonly errors: number;
  /** 0 to 100, as the workflow printed it; null when it did not. */
  readonly success: number | null;
}

/** What happens while a task is followed; `follow` is the state of its log's following. */
export type RunEvent =
  | { readonly type: 'phase'; readonly phases: readonly Phase[]; readonly task: Task }
  | { readonly type: 'lines'; readonly events: readonly LogEvent[] }
  | { readonly type: 'follow'; readonly state: FollowState }
  | { readonly type: 'note'; readonly text: string };

/** How a task was followed to its end. */
export interface FollowedRun {
  /** As it was last seen. */
  readonly task: Task;
  /** Where its lines are; undefined where they can't be read from here. */
  readonly log: { readonly group: string; readonly stream: string } | undefined;
  readonly result: RunResult;
}

/** How a run went. */
export interface RunResult {
  readonly taskArn: string;
  /** Of the ingestion's container; null when it never ran. */
  readonly exitCode: number | null;
  /** As ECS has it, raw; null when it gave none. */
  readonly stopCode: string | null;
  /** In words: what happened, the raw text included. */
  readonly reason: string;
  /** The first thing to check; empty when all went well. */
  readonly advice: string;
  readonly phases: readonly Phase[];
  readonly summary: WorkflowSummary | null;
  /** Events of the task's own log stream that were delivered. */
  readonly logEvents: number;
  /** Every essential container ended with 0. */
  readonly ok: boolean;
}
