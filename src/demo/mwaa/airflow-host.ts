import type { AirflowHost, ModuleLogs } from '../airflow/host.ts';
import type { Region } from '../region.ts';
import type { Environment, LogModule } from './environment.ts';
import { bucketOf } from './settings.ts';

/** The environment as its Airflow sees it: always what is in force now. */
export function hostOf(region: Region, environment: Environment): AirflowHost {
  return {
    region,
    environment: environment.name,
    get airflowVersion() {
      return environment.settings.airflowVersion;
    },
    get bucket() {
      return bucketOf(environment.settings);
    },
    get dagsPath() {
      return environment.settings.dagS3Path;
    },
    get executionRole() {
      const { executionRoleArn } = environment.settings;
      return executionRoleArn.slice(executionRoleArn.lastIndexOf('/') + 1);
    },
    get configuration() {
      return environment.settings.options;
    },
    get taskLogs() {
      return moduleLogs(environment, 'TaskLogs');
    },
    get dagProcessingLogs() {
      return moduleLogs(environment, 'DagProcessingLogs');
    },
    get installed() {
      return environment.installed.distributions;
    },
    get versions() {
      return environment.installed.versions;
    },
    get pluginModules() {
      return environment.installed.pluginModules;
    },
  };
}

function moduleLogs(environment: Environment, module: LogModule): ModuleLogs {
  const { Enabled, LogLevel } = environment.settings.logging[module];
  return { enabled: Enabled, level: LogLevel };
}
