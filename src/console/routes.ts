/** Tabs of an environment's screen, in the order of their digits. */
export const environmentTabs = ['overview', 'ingestion', 'dags', 'logs', 'connection', 'history'] as const;
export type EnvironmentTab = (typeof environmentTabs)[number];

/** Tabs of a cluster's screen, in the order of their digits. */
export const clusterTabs = ['tasks', 'services', 'overview'] as const;
export type ClusterTab = (typeof clusterTabs)[number];

/**
 * Where the console can be: plain data that could be written down. A view's `kind` is a route's; what a
 * screen remembers (cursor, filter, sort) is kept beside the route, see router.ts.
 */
export type Route =
  | { readonly kind: 'dashboard' }
  /** The profiles of the user's files, and what each needs to sign in. */
  | { readonly kind: 'profiles' }
  | { readonly kind: 'environment'; readonly name: string; readonly tab: EnvironmentTab }
  | { readonly kind: 'cluster'; readonly name: string; readonly tab: ClusterTab }
  /** Choosing mode, pipeline and target, and reviewing the plan; `dagId` when an ingestion is deployed again. */
  /** A new ingestion, or one again (`dagId`); with a template chosen already. */
  | { readonly kind: 'deploy'; readonly environment: string; readonly dagId?: string; readonly template?: string }
  /** The cockpit of a deployment: one under way in this console (`job`), or one of the journal (`deployment`). */
  | { readonly kind: 'apply'; readonly environment: string; readonly job?: number; readonly deployment?: string }
  /** A task: followed while it runs, told when it has stopped; with the ingestion that it runs, where it is known. */
  | {
      readonly kind: 'run';
      readonly cluster: string;
      readonly taskArn: string;
      readonly environment?: string;
      readonly dagId?: string;
      /** The job that removes what was made for this run alone. */
      readonly removal?: number;
    }
  /** A family of task definitions: its revisions. */
  | { readonly kind: 'task-definition'; readonly family: string }
  /** A DAG's runs, and the tasks of the selected one. */
  | { readonly kind: 'dag'; readonly environment: string; readonly airflowVersion: string; readonly dagId: string }
  /** What happened to an ingestion and around it within a day. */
  | { readonly kind: 'timeline'; readonly environment: string; readonly dagId: string }
  | {
      readonly kind: 'logs';
      readonly groups: readonly string[];
      readonly streamPrefix?: string;
      readonly streams?: readonly string[];
      readonly filter?: string;
      /** As a user writes it, such as `1h`. */
      readonly since?: string;
      /** As a user writes it; open when absent. */
      readonly until?: string;
      /** The first line that has this text is gone to once it is read; the newest when absent. */
      readonly opensAt?: string;
    };

/** The route of one kind. */
export type RouteOf<Kind extends Route['kind']> = Extract<Route, { readonly kind: Kind }>;
