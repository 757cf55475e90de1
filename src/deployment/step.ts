import type { Session } from '../aws/session.ts';
import type { Environment } from '../fleet/environments.ts';
import type { Ingestion } from '../fleet/ingestions.ts';
import type { DeploymentRequest } from '../ingestion/request.ts';
import type { JournalStep } from './journal.ts';
import type { Installation, UpdateLine } from './update-log.ts';

/** What kind of thing a step changes. */
export type StepKind =
  | 'secret'
  | 'log-group'
  | 'role'
  | 'role-policy'
  | 'cluster'
  | 'task-definition'
  | 'constraints'
  | 'requirements'
  | 'plugins'
  | 'airflow-options'
  | 'environment-update'
  | 'probe'
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

/** A file of the bucket at the version that an environment is to take up. */
export interface FilePin {
  readonly path: string;
  readonly versionId: string;
}

/** What an environment has to take up; a version is known once its object is put. */
export interface UpdateParts {
  readonly requirements?: { readonly path: string; readonly versionId?: string };
  readonly plugins?: { readonly path: string; readonly versionId?: string };
  /** `null` for an option that is to go. */
  readonly options?: Readonly<Record<string, string | null>>;
}

/** What steps tell each other: found while planning, made while applying. The journal keeps it, so it holds no secret. */
export interface Known {
  secretArn?: string;
  taskDefinitionArn?: string;
  dagVersionId?: string;
  /** Whether an earlier deployment of this ingestion has ended well. */
  deployedBefore?: boolean;
  /** What the environment has to take up by its update. */
  update?: UpdateParts;
  /** How workers are replaced; FORCED when absent. */
  workerReplacement?: 'FORCED' | 'GRACEFUL';
  /** How long this environment's updates took, newest first: ms. */
  pastUpdates?: readonly number[];
  /** What the update's containers told of their installation. */
  installation?: Installation;
  /** When the DAG's object in force was written, by S3's clock: ms since the epoch. */
  dagWrittenAt?: number;
}

/** What a deployment works on. */
export interface Target {
  readonly session: Session;
  readonly environment: Environment;
  readonly request: DeploymentRequest;
  readonly known: Known;
  /** The ingestion as its last deployment left it; undefined where this is its first. */
  readonly earlier?: Ingestion | undefined;
  /** The environment's other ingestions. */
  readonly others: readonly Ingestion[];
  /** The environment's deployments as they stood when this was planned, see `refuseOutdated`. */
  readonly deployments?: string;
  /** For taking back: what others were before deployments that may be taken back as well. */
  readonly formerOthers?: readonly Ingestion[];
}

/** How a step works: what the journal has of it, and how it is followed. */
export interface Work {
  readonly step: JournalStep;
  readonly signal: AbortSignal;
  /** Says what it waits for. */
  readonly tell: (text: string) => void;
  /** Passes on a line that an update's containers wrote. */
  readonly log: (line: UpdateLine) => void;
  /** Keeps something of its own in the journal at once; `make` gets S3's own time, ms since the epoch. */
  readonly note: (make: (now: number) => unknown) => Promise<void>;
  /** Whether an earlier try of this step has failed; a step that begins anew says so by setting it false. */
  retried: boolean;
  /** False: what takes minutes is begun and not waited for; `act` then answers `PENDING`. */
  readonly patient: boolean;
}

/** What `act` answers when it has begun something that takes its time, and was told not to wait for it. */
export const PENDING = Symbol('pending');

/** What becomes of a step's resource when the step is taken back. */
export interface Restoration {
  /** `keep`: nothing is done. */
  readonly action: 'restore' | 'remove' | 'keep';
  /** In words, such as `its previous revision is the newest again`. */
  readonly text: string;
  /** What is not as it was before, also after undo; absent when everything is. */
  readonly remains?: string;
  readonly restartsWorkers?: boolean;
  /** Whether it is kept for other ingestions alone: the last of them takes it back. */
  readonly kept?: boolean;
}

/** One kind of step, able to look, to act, to take itself back, and to recognise its own finished work both ways. */
export interface StepDefinition {
  readonly id: string;
  readonly kind: StepKind;
  readonly shared: boolean;
  readonly restartsWorkers?: boolean;
  /** Reads what is there and says what has to change; undefined when nothing has to. */
  look(target: Target, signal: AbortSignal): Promise<Change | undefined>;
  /** Makes the change, or finds that it is already made, and reads it back. What it made goes into the journal. */
  act(target: Target, work: Work): Promise<unknown>;
  /** Reads what is there and says what taking the step back does; undefined when there is nothing to take back. */
  lookBack(target: Target, step: JournalStep, signal: AbortSignal): Promise<Restoration | undefined>;
  /** Takes the step back, or finds that it is taken back; what `lookBack` keeps is left. */
  takeBack(target: Target, work: Work): Promise<void>;
}
