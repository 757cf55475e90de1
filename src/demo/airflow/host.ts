import type { Region } from '../region.ts';

/** Whether a module logs to its group, and from which level on. */
export interface ModuleLogs {
  readonly enabled: boolean;
  readonly level: string;
}

/** What an Airflow of the region knows of the MWAA environment that it is the inside of. */
export interface AirflowHost {
  readonly region: Region;
  readonly environment: string;
  readonly airflowVersion: string;
  /** Name of the bucket, and its folder with the DAGs, without slashes at its ends. */
  readonly bucket: string;
  readonly dagsPath: string;
  /** Name of the role that tasks act as. */
  readonly executionRole: string;
  readonly configuration: Readonly<Record<string, string>>;
  /** How many tasks all its workers run at once. */
  readonly slots: number;
  readonly taskLogs: ModuleLogs;
  readonly dagProcessingLogs: ModuleLogs;
  /** Distributions that requirements.txt brought, in small letters. */
  readonly installed: ReadonlySet<string>;
  /** Their versions, by name. */
  readonly versions: ReadonlyMap<string, string>;
  /** Top-level modules of plugins.zip. */
  readonly pluginModules: ReadonlySet<string>;
}
