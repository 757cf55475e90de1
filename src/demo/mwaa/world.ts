import { LEGACY_UPDATE } from '../logs/world.ts';
import type { Region } from '../region.ts';
import {
  arn,
  bucketArn,
  bucketName,
  databaseEndpointService,
  ENVIRONMENT_SECURITY_GROUP,
  ENVIRONMENTS,
  type EnvironmentName,
  environmentArn,
  executionRole,
  PRIVATE_SUBNETS,
  roleArn,
  webserverEndpointService,
} from '../world/names.ts';
import type { Environment, LastUpdate, Settings, SourceFile } from './environment.ts';
import { startOutcome } from './life.ts';
import type { MwaaService } from './service.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** How long ago the update of `analytics` began that is under way when the region starts. */
const ANALYTICS_UPDATE = 12 * MINUTE;

interface Seed {
  readonly age: number;
  readonly id: string;
  readonly urlHasScheme: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly settings: Partial<Settings>;
}

const on = (LogLevel: string) => ({ Enabled: true, LogLevel });
const LOGGING = {
  DagProcessingLogs: on('WARNING'),
  SchedulerLogs: on('INFO'),
  TaskLogs: on('INFO'),
  WebserverLogs: on('WARNING'),
  WorkerLogs: on('INFO'),
};

const SEEDS: Readonly<Record<EnvironmentName, Seed>> = {
  analytics: {
    age: 190 * DAY,
    id: '5c1d8e02-7a44-4f3e-9b0d-2e6a1f90c7b1-vpce.c41',
    urlHasScheme: false,
    tags: { team: 'analytics', stage: 'production' },
    settings: {
      airflowVersion: '3.2.1',
      maxWorkers: 5,
      options: { 'core.default_timezone': 'utc', 'celery.worker_autoscale': '5,5' },
      maintenance: 'SAT:02:30',
    },
  },
  'data-prod': {
    age: 612 * DAY,
    id: 'b7a0f6d3-12c9-4e58-8a7e-6f1d0c3b5a92-vpce.c19',
    urlHasScheme: true,
    tags: { team: 'data-platform', stage: 'production', 'cost-center': '4711' },
    settings: {
      airflowVersion: '2.10.3',
      environmentClass: 'mw1.medium',
      minWorkers: 2,
      maxWorkers: 10,
      maxWebservers: 3,
      options: {
        'core.parallelism': '64',
        'email.email_backend': 'airflow.utils.email.send_email_smtp',
        'scheduler.dag_dir_list_interval': '30',
        'smtp.smtp_host': 'email-smtp.eu-west-1.amazonaws.com',
        'webserver.instance_name': 'Data platform',
      },
      maintenance: 'SUN:03:30',
    },
  },
  legacy: {
    age: 1040 * DAY,
    id: '0f3e9a1c-88d2-4b60-b3f5-914c7e2d6a08-vpce.c7',
    urlHasScheme: false,
    tags: { team: 'crm', stage: 'production' },
    settings: { airflowVersion: '2.7.2', maxWorkers: 5, maintenance: 'TUE:01:00' },
  },
  sandbox: {
    age: 20 * DAY,
    id: 'e2b46c70-5d1f-4a8b-a0c4-37f8d91b2e65.c52',
    urlHasScheme: true,
    tags: { team: 'data-platform', stage: 'sandbox' },
    settings: {
      airflowVersion: '3.3.1',
      environmentClass: 'mw1.micro',
      maxWorkers: 1,
      schedulers: 1,
      minWebservers: 1,
      maxWebservers: 1,
      accessMode: 'PUBLIC_ONLY',
      maintenance: 'SUN:23:00',
    },
  },
};

/** The environments that there are when the region starts; one of them is being updated, one's update has failed. */
export function seedEnvironments(mwaa: MwaaService, region: Region): void {
  for (const name of ENVIRONMENTS) mwaa.add(seeded(region, name));
  const analytics = mwaa.environment('analytics');
  if (analytics !== undefined)
    mwaa.beginUpdate(analytics, analyticsUpdate(region, analytics), 'FORCED', ANALYTICS_UPDATE);
}

function seeded(region: Region, name: EnvironmentName): Environment {
  const seed = SEEDS[name];
  const now = region.clock.now();
  const requirements = source(region, name, 'requirements.txt', name === 'data-prod' ? 0 : 1);
  const plugins = source(region, name, 'plugins.zip', 0);
  const settings: Settings = {
    airflowVersion: '2.10.3',
    environmentClass: 'mw1.small',
    minWorkers: 1,
    maxWorkers: 10,
    schedulers: 2,
    minWebservers: 2,
    maxWebservers: 2,
    accessMode: 'PRIVATE_ONLY',
    executionRoleArn: roleArn(executionRole(name)),
    sourceBucketArn: bucketArn(name),
    dagS3Path: 'dags',
    requirements,
    plugins,
    startupScript: undefined,
    options: {},
    securityGroupIds: [ENVIRONMENT_SECURITY_GROUP],
    // Each region's own: one that is changed must not change another's.
    logging: structuredClone(LOGGING),
    maintenance: 'SUN:03:30',
    ...seed.settings,
  };
  return {
    name,
    arn: environmentArn(name),
    createdAt: now - seed.age,
    subnetIds: PRIVATE_SUBNETS,
    kmsKey: name === 'data-prod' ? arn('kms', 'key/7d3f2c1b-9a8e-4f60-8b5d-1c2e3f405162') : undefined,
    endpointManagement: 'SERVICE',
    celeryQueue: arn('sqs', `airflow-celery-${seed.id.slice(0, 36)}`),
    webserverHost: `${seed.id}.airflow.${region.name}.on.aws`,
    urlHasScheme: seed.urlHasScheme,
    databaseService: databaseEndpointService(name),
    webserverService: webserverEndpointService(name),
    tags: new Map(Object.entries(seed.tags)),
    status: name === 'legacy' ? 'UPDATE_FAILED' : 'AVAILABLE',
    settings,
    lastUpdate: lastUpdate(region, name, now),
    installed: startOutcome(region, name, settings).installed,
    airflow: undefined,
    reachable: true,
  };
}

/** A file of the bucket at its version number `back` from the newest; undefined where there is none. */
function source(region: Region, name: EnvironmentName, path: string, back: number): SourceFile | undefined {
  const versions = region.s3.bucket(bucketName(name))?.versions(path) ?? [];
  const version = versions[Math.min(back, versions.length - 1)];
  return version === undefined ? undefined : { path, version: version.versionId };
}

function lastUpdate(region: Region, name: EnvironmentName, now: number): LastUpdate | undefined {
  const done = { status: 'SUCCESS', error: undefined, source: undefined, strategy: undefined } as const;
  switch (name) {
    case 'data-prod':
      return { ...done, createdAt: now - 3 * DAY, strategy: 'GRACEFUL' };
    case 'analytics':
      return { ...done, createdAt: now - 41 * DAY };
    case 'sandbox':
      return undefined;
    case 'legacy': {
      const [newest] = region.s3.bucket(bucketName(name))?.versions('requirements.txt') ?? [];
      const failing =
        newest?.body
          .toString('utf8')
          .split('\n')
          .find((line) => line.startsWith('openmetadata-ingestion')) ?? '';
      const message = `Requirements could not be installed: ${failing} (line 3) needs importlib-metadata<5 and >=4.13.0, the environment holds importlib-metadata==6.8.0. See the requirements_install log streams of the groups airflow-legacy-Scheduler, -Worker and -WebServer.`;
      const error = { code: 'INCORRECT_CONFIGURATION', message };
      return { status: 'FAILED', createdAt: now - LEGACY_UPDATE.began, error, source: undefined, strategy: undefined };
    }
  }
}

/** What `analytics` is being updated to: the newest requirements. */
function analyticsUpdate(region: Region, { settings }: Environment): Settings {
  return { ...settings, requirements: source(region, 'analytics', 'requirements.txt', 0) };
}
