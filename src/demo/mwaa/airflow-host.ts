import type { AirflowHost, ModuleLogs } from '../airflow/host.ts';
import type { Region } from '../region.ts';
import type { Environment, LogModule } from './environment.ts';
import { bucketOf } from './settings.ts';

/** Tasks that one worker runs at once unless `celery.worker_autoscale` says otherwise (MWAA user guide, environment classes). */
const TASKS_A_WORKER: Readonly<Record<string, number>> = {
  'mw1.micro': 3,
  'mw1.small': 5,
  'mw1.medium': 10,
  'mw1.large': 20,
  'mw1.xlarge': 40,
  'mw1.2xlarge': 80,
};

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
    get slots() {
      const { maxWorkers, environmentClass, options } = environment.settings;
      const [most = ''] = (options['celery.worker_autoscale'] ?? '').split(',');
      return maxWorkers * (most === '' ? (TASKS_A_WORKER[environmentClass] ?? 5) : Number(most));
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
