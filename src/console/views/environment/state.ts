import type { Dag } from '../../../airflow/types.ts';
import type { Journal } from '../../../deployment/journal.ts';
import type { Environment } from '../../../fleet/environments.ts';
import type { Ingestion } from '../../../fleet/ingestions.ts';

/** What an environment's commands act on: the environment once it is read, and what its tab has selected. */
export interface EnvironmentState {
  readonly environment: Environment | undefined;
  readonly ingestion?: Ingestion | undefined;
  readonly dag?: Dag | undefined;
  /** The marked log groups, else the selected one. */
  readonly groups?: readonly string[];
  readonly deployment?: Journal | undefined;
  /** On the connection's tab: whether its login has been found. */
  readonly connection?: 'read' | 'found';
}

/** What each tab gets. */
export interface TabProps {
  readonly environment: Environment;
  readonly width: number;
  readonly height: number;
}
