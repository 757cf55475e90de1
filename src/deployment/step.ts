import type { Session } from '../aws/session.ts';
import type { Environment } from '../fleet/environments.ts';
import type { DeploymentRequest } from '../ingestion/request.ts';

/** What kind of thing a step changes. */
export type StepKind =
  | 'secret'
  | 'log-group'
  | 'role'
  | 'role-policy'
  | 'cluster'
  | 'task-definition'
  | 'dag'
  | 'airflow'
  | 'unpause';

/** What a step does to its resource. */
export type StepAction = 'create' | 'update' | 'delete' | 'wait';

/** One line of a plan, pure data. */
export interface Step {
  readonly id: string;
  readonly kind: StepKind;
  readonly action: StepAction;
  /** What it acts on, as its owner names it: a secret's name, `role / policy`, an object's key. */
  readonly resource: string;
  /** Unified diff against what is there now; empty for a wait. */
  readonly diff: string;
  readonly reason: string;
  readonly restartsWorkers: boolean;
  /** Whether other ingestions may use it too: undo then leaves it. */
  readonly shared: boolean;
}

/** A change that a step kind finds necessary; the rest of the `Step` is the kind's own. */
export type Change = Pick<Step, 'action' | 'resource' | 'diff' | 'reason'> & {
  /** What is there now, kept in the journal for taking the step back; never a secret's value. */
  readonly before: unknown;
};

/** What steps tell each other: found while planning, made while applying. */
export interface Known {
  secretArn?: string;
  taskDefinitionArn?: string;
  dagVersionId?: string;
  /** Whether an earlier deployment of this ingestion has ended well. */
  deployedBefore?: boolean;
  /** When the DAG's object in force was written, by S3's clock: ms since the epoch. */
  dagWrittenAt?: number;
}

/** What a deployment works on. */
export interface Target {
  readonly session: Session;
  readonly environment: Environment;
  readonly request: DeploymentRequest;
  readonly known: Known;
}

/** One kind of step, able to look, to act and to recognise its own finished work. */
export interface StepDefinition {
  readonly id: string;
  readonly kind: StepKind;
  readonly shared: boolean;
  /** Reads what is there and says what has to change; undefined when nothing has to. */
  look(target: Target, signal: AbortSignal): Promise<Change | undefined>;
  /**
   * Makes the change, or finds that it is already made, and reads it back. What it made goes into the journal.
   * `tell` reports what it waits for.
   */
  act(target: Target, signal: AbortSignal, tell: (text: string) => void): Promise<unknown>;
}
