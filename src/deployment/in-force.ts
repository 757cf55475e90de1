import { persist } from '../aws/persist.ts';
import type { Session } from '../aws/session.ts';
import { type Environment, readEnvironment } from '../fleet/environments.ts';
import { age } from '../text/ages.ts';
import { Failure } from '../text/failure.ts';
import { type FilePin, PENDING, type Target, type UpdateParts, type Work } from './step.ts';
import { type Installation, UpdateLog } from './update-log.ts';

/** Statuses from which an environment may be updated; UPDATE_FAILED is as it was before its last update. */
const SETTLED: ReadonlySet<string> = new Set(['AVAILABLE', 'UPDATE_FAILED']);
/** Statuses that pass by themselves. */
const BUSY: ReadonlySet<string> = new Set(['UPDATING', 'ROLLING_BACK', 'CREATING_SNAPSHOT', 'MAINTENANCE']);
const INTERVAL = 30_000;
/** A graceful update takes up to 12 hours (user guide, update-environment): ms. */
const PATIENCE = 13 * 60 * 60_000;

/** What an update asks for, `null` for an option that is to go. */
export interface Wanted {
  readonly requirements?: FilePin;
  readonly plugins?: FilePin;
  readonly options?: Readonly<Record<string, string | null>>;
}

/** What the journal keeps of an update: when it was asked for, by S3's clock. */
interface Progress {
  readonly requestedAt: number;
}

/**
 * Brings object versions and options in force by one UpdateEnvironment, or finds that they are. An update has no client
 * token: one that runs is ours only if it began after the journalled start, and its end is judged by what is in force.
 * @throws Failure 'refused' for somebody else's update; 'failed' for one of ours that failed, with the line that tells why.
 */
export async function bringInForce(
  target: Target,
  wanted: Wanted,
  work: Work,
): Promise<{ readonly installation: Installation | undefined } | typeof PENDING> {
  const { session, environment: place, known } = target;
  const { signal, tell } = work;
  const began = session.clock.now();
  let log: UpdateLog | undefined;
  for (;;) {
    const environment = await persist(session.clock, signal, () => readEnvironment(session, place.name, signal), tell);
    const requestedAt = (work.step.progress as Progress | undefined)?.requestedAt;
    if (requestedAt !== undefined) log ??= new UpdateLog(session, environment, requestedAt);
    for (const line of (await log?.poll(signal)) ?? []) work.log(line);
    const ours = requestedAt !== undefined && (environment.lastUpdate?.createdAt ?? 0) >= requestedAt;
    if (SETTLED.has(environment.status)) {
      if (isInForce(environment, wanted)) return { installation: log?.installation };
      const failedBefore = work.retried && environment.lastUpdate?.status === 'FAILED';
      if (ours && !failedBefore) {
        for (const line of (await log?.pollForReason(signal)) ?? []) work.log(line);
        throw endedOtherwise(environment, log?.installation);
      }
      // The journal says so before it is asked for; a try that never arrived is made again.
      await work.note((now): Progress => ({ requestedAt: now }));
      work.retried = false;
      log = undefined;
      await ask(session, environment, wanted, known.workerReplacement, signal);
      if (!work.patient) return PENDING;
      continue;
    }
    if (!BUSY.has(environment.status)) {
      throw new Failure('failed', `${environment.name} is ${environment.status}: it can't be updated.`, {
        advice: 'See its last update on the overview tab; `resume` goes on once it is AVAILABLE.',
        resource: environment.name,
      });
    }
    if (!ours) throw somebodyElses(environment);
    if (!work.patient) return PENDING;
    const waited = session.clock.now() - began;
    if (waited > PATIENCE) {
      throw new Failure('failed', `${environment.name} is ${environment.status} for ${age(waited)} now.`, {
        advice: '`resume` goes on waiting.',
        resource: environment.name,
      });
    }
    tell(phase(environment, session.clock.now(), known));
    await session.clock.sleep(INTERVAL, signal);
  }
}

/** Whether versions and options are what is wanted, whoever set them. */
export function isInForce(environment: Environment, { requirements, plugins, options = {} }: Wanted): boolean {
  const same = (wanted: FilePin | undefined, found: Environment['requirements']) =>
    wanted === undefined || (found?.path === wanted.path && found.versionId === wanted.versionId);
  return (
    same(requirements, environment.requirements) &&
    same(plugins, environment.plugins) &&
    Object.entries(options).every(([key, value]) => (environment.configurationOptions[key] ?? null) === value)
  );
}

/** The parts of an update as the API takes them: options are replaced as a whole, so that the others are sent along. */
function ask(
  { mwaa }: Session,
  { name, configurationOptions }: Environment,
  { requirements, plugins, options }: Wanted,
  replacement: 'FORCED' | 'GRACEFUL' | undefined,
  signal: AbortSignal,
) {
  const merged: Record<string, string | null> = { ...configurationOptions, ...options };
  const kept = Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== null);
  return mwaa
    .updateEnvironment(
      {
        Name: name,
        ...(requirements === undefined
          ? {}
          : { RequirementsS3Path: requirements.path, RequirementsS3ObjectVersion: requirements.versionId }),
        ...(plugins === undefined ? {} : { PluginsS3Path: plugins.path, PluginsS3ObjectVersion: plugins.versionId }),
        ...(options === undefined ? {} : { AirflowConfigurationOptions: Object.fromEntries(kept) }),
        ...(replacement === undefined ? {} : { WorkerReplacementStrategy: replacement }),
      },
      { signal },
    )
    .catch((error: unknown) => {
      // Somebody's update began at the same moment: the next look tells whose.
      if (error instanceof Failure && /currently|UPDATING|updating|in progress|status/.test(error.message)) {
        if (error.kind === 'invalid-request' || error.kind === 'in-use') return undefined;
      }
      throw error instanceof Failure && error.kind === 'invalid-request' ? refusedUpdate(name, error) : error;
    });
}

/** The same request would be refused again: what it names is settled by the steps before. */
function refusedUpdate(name: string, cause: Failure): Failure {
  const { kind, message, code } = cause;
  return new Failure(kind, `MWAA refuses the update of ${name}: ${message}`, {
    advice: `Nothing was updated. Take the deployment back: mwaa-console undo ${name}; then plan it again.`,
    resource: name,
    cause,
    ...(code === undefined ? {} : { code }),
  });
}

function phase(
  { status, lastUpdate }: Environment,
  now: number,
  { pastUpdates: past = [], workerReplacement }: Target['known'],
): string {
  const began = lastUpdate?.createdAt;
  const since = began === undefined ? '' : ` for ${age(Math.max(0, now - began))}`;
  const word = status.toLowerCase().replaceAll('_', ' ');
  if (past.length === 0) {
    return `${word}${since}; ${workerReplacement === 'GRACEFUL' ? 'a graceful update takes up to 12 hours' : 'updates take 20 to 30 minutes'}`;
  }
  const [least, most] = [Math.min(...past), Math.max(...past)];
  const range = past.length === 1 ? age(most) : `${age(least)} to ${age(most)}`;
  return `${word}${since}; the last ${past.length === 1 ? 'one' : past.length} here took ${range}`;
}

function somebodyElses({ name, status, lastUpdate }: Environment): Failure {
  const source = lastUpdate?.source === undefined ? '' : ` (${lastUpdate.source})`;
  return new Failure('refused', `${name} is ${status} by somebody else's update${source}.`, {
    advice: 'Nothing was asked of it. `resume` goes on when that update has ended, `undo` takes back what was done.',
    resource: name,
  });
}

function endedOtherwise({ name, lastUpdate }: Environment, installation: Installation | undefined): Failure {
  const line = installation?.state === 'failed' ? ` pip: ${installation.line}` : '';
  if (lastUpdate?.status === 'FAILED') {
    const why = lastUpdate.error?.message ?? 'MWAA tells no reason.';
    return new Failure('failed', `The update of ${name} failed and was rolled back: ${why}${line}`, {
      advice: `Take the deployment back: mwaa-console undo ${name}; then deploy what installs.`,
      resource: name,
      ...(lastUpdate.error === undefined ? {} : { code: lastUpdate.error.code }),
    });
  }
  return new Failure(
    'refused',
    `Somebody else's update of ${name} has ended since: what was asked for is not in force.`,
    {
      advice: 'See the overview tab for what is. `resume` asks for it again, `undo` takes back what was done.',
      resource: name,
    },
  );
}

/** The parts of an update that are known with their versions. */
export function pinned({ requirements, plugins, options }: UpdateParts): Wanted {
  return {
    ...(isPin(requirements) ? { requirements } : {}),
    ...(isPin(plugins) ? { plugins } : {}),
    ...(options === undefined ? {} : { options }),
  };
}

function isPin(file: UpdateParts['requirements']): file is FilePin {
  return file?.versionId !== undefined;
}
