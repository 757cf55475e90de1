import { atLeast } from '../airflow/versions.ts';
import type { Region } from '../region.ts';
import { airflowLogGroup } from '../world/names.ts';
import type { Environment, Installed, Settings } from './environment.ts';
import { type Installation, install } from './requirements.ts';
import { bucketOf } from './settings.ts';
import { zipNames } from './zip.ts';

const MINUTE = 60_000;

/** How long the parts of an environment's life take, in ms of the region's time (MWAA user guide, update-environment). */
export const DURATIONS = {
  create: 27 * MINUTE,
  delete: 21 * MINUTE,
  /** Until the new containers start, and until the update is over. */
  containers: 9 * MINUTE,
  forced: 25 * MINUTE,
  graceful: 55 * MINUTE,
  /** A version change: until the snapshot, through it, and in all. */
  snapshotFrom: 5 * MINUTE,
  snapshotTo: 15 * MINUTE,
  version: 52 * MINUTE,
  rollBackFrom: 22 * MINUTE,
  rollBack: 15 * MINUTE,
  /** Customer-made endpoints are waited for so long. */
  pending: 72 * 60 * MINUTE,
} as const;

/** What an update does to its environment; each is called once. */
export interface UpdateEnd {
  succeeded(installed: Installed): void;
  failed(code: string, message: string): void;
}

/** Carries an update that has begun from status to status; `elapsed` ms of it have passed already. */
export function runUpdate(
  region: Region,
  environment: Environment,
  wanted: Settings,
  strategy: 'FORCED' | 'GRACEFUL',
  end: UpdateEnd,
  elapsed = 0,
): void {
  const upgrade = wanted.airflowVersion !== environment.settings.airflowVersion;
  const at = (ms: number, action: () => void): void => {
    if (ms >= elapsed) region.clock.after(ms - elapsed, action);
  };
  if (upgrade) {
    environment.reachable = true;
    at(DURATIONS.snapshotFrom, () => {
      environment.status = 'CREATING_SNAPSHOT';
      environment.reachable = false;
    });
    at(DURATIONS.snapshotTo, () => {
      environment.status = 'UPDATING';
    });
  }
  const containers = upgrade ? DURATIONS.snapshotTo + 4 * MINUTE : DURATIONS.containers;
  const whole = upgrade ? DURATIONS.version : strategy === 'GRACEFUL' ? DURATIONS.graceful : DURATIONS.forced;
  const outcome = startOutcome(region, environment.name, wanted);
  at(containers, () => writeStart(region, environment.name, wanted, outcome));
  if (outcome.failure === undefined) {
    at(whole, () => end.succeeded(outcome.installed));
    return;
  }
  const { failure } = outcome;
  const back = containers + DURATIONS.rollBackFrom - DURATIONS.containers;
  at(back, () => {
    environment.status = 'ROLLING_BACK';
    const before = startOutcome(region, environment.name, environment.settings);
    writeStart(region, environment.name, environment.settings, before);
  });
  at(back + DURATIONS.rollBack, () => end.failed('INCORRECT_CONFIGURATION', failure.slice(0, 1024)));
}

/** What comes of starting containers with these settings. */
export interface StartOutcome {
  readonly installation: Installation | undefined;
  readonly installed: Installed;
  /** Why the containers don't stay healthy, so that the update is rolled back. */
  readonly failure: string | undefined;
}

/**
 * Starts containers in thought. From 2.9.2 on a failed installation leaves the container running without the
 * packages; before, and when it takes too long on any version, the container dies
 * (aws/amazon-mwaa-docker-images, utils/user_requirements.py).
 */
export function startOutcome(region: Region, name: string, settings: Settings): StartOutcome {
  const { airflowVersion, requirements, plugins, startupScript } = settings;
  const bucket = bucketOf(settings);
  const body = (file: { path: string; version: string | undefined } | undefined): Buffer | undefined =>
    file === undefined ? undefined : region.s3.object(bucket, file.path, file.version)?.body;
  const archive = body(plugins);
  const names = archive === undefined ? [] : zipNames(archive);
  const text = body(requirements)?.toString('utf8');
  const image = {
    airflowVersion,
    plugins: names,
    file: (path: string): string | undefined => {
      const key = path.replace(/^\/usr\/local\/airflow\/dags\//, `${settings.dagS3Path}/`);
      const inPlugins = names.includes(path.replace(/^\/usr\/local\/airflow\/plugins\//, ''));
      return key === path ? (inPlugins ? '' : undefined) : region.s3.object(bucket, key)?.body.toString('utf8');
    },
  };
  const installation = text === undefined ? undefined : install(text, image);
  const script = body(startupScript)?.toString('utf8') ?? '';
  const scriptFails = /^\s*exit\s+[1-9]/m.test(script);
  const fatal =
    installation?.outcome === 'timed out' || (installation?.outcome === 'failed' && !atLeast(airflowVersion, '2.9.2'));
  const installed = {
    distributions: installation?.distributions ?? new Set<string>(),
    versions: installation?.versions ?? new Map<string, string>(),
    pluginModules: new Set(names.map((each) => (each.split('/')[0] ?? '').replace(/\.py$/, ''))),
  };
  const failure = fatal
    ? `${installation?.reason}. See the requirements_install log streams of the groups airflow-${name}-Scheduler, -Worker and -WebServer.`
    : scriptFails
      ? `The startup script failed. See the startup_script_execution log streams of the group airflow-${name}-Worker.`
      : undefined;
  return { installation, installed, failure };
}

/** What new containers write about their start: requirements in every module's group, in mw1.micro the Worker's alone. */
function writeStart(region: Region, name: string, settings: Settings, outcome: StartOutcome): void {
  const modules =
    settings.environmentClass === 'mw1.micro' ? (['Worker'] as const) : (['Scheduler', 'Worker', 'WebServer'] as const);
  const named = { Scheduler: 'SchedulerLogs', Worker: 'WorkerLogs', WebServer: 'WebserverLogs' } as const;
  const now = region.clock.now();
  for (const [index, module] of modules.entries()) {
    if (!settings.logging[named[module]].Enabled) continue;
    const group = airflowLogGroup(name, module);
    const address = `10.192.20.${30 + Math.floor(region.random() * 200)}`;
    const host = `ip-${address.replaceAll('.', '-')}.${region.name}.compute.internal`;
    const epoch = ((now + index * 7_000) / 1000).toFixed(6);
    const stream = (what: string): string =>
      atLeast(settings.airflowVersion, '2.9.2') ? `${what}_${host}_${epoch}.log` : `${what}_${address}`;
    const script =
      settings.startupScript === undefined
        ? undefined
        : ['Executing startup script', 'Finished running startup script. Verifying environment variables…'];
    if (script !== undefined) stagger(region, group, stream('startup_script_execution'), script, index * 7_000, 600);
    const lines = outcome.installation?.lines;
    if (lines === undefined) continue;
    stagger(region, group, stream('requirements_install'), lines, index * 7_000 + 20_000, 1_400);
  }
}

/** Writes lines one after the other, as they are printed. */
function stagger(
  region: Region,
  group: string,
  stream: string,
  lines: readonly string[],
  from: number,
  gap: number,
): void {
  let at = from;
  for (const message of lines) {
    at += Math.round(gap * (0.3 + region.random() * 1.4));
    region.clock.after(at, () => region.logs.write(group, stream, [{ timestamp: region.clock.now(), message }]));
  }
}
