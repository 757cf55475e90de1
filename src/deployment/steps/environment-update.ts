import { readEnvironment } from '../../fleet/environments.ts';
import { pluginNeed } from '../../ingestion/plugins.ts';
import { requirementsNeed } from '../../ingestion/requirements/need.ts';
import { age } from '../../text/ages.ts';
import { canonicalJson } from '../../text/canonical-json.ts';
import { unifiedDiff } from '../../text/diff.ts';
import { Failure } from '../../text/failure.ts';
import { bringInForce, isInForce, pinned, type Wanted } from '../in-force.ts';
import type { JournalStep } from '../journal.ts';
import { readJournals } from '../journal.ts';
import {
  type Change,
  PENDING,
  type Restoration,
  type StepDefinition,
  type Target,
  type UpdateParts,
  type Work,
} from '../step.ts';
import { putObject, readObject } from './bucket-object.ts';
import { type Back, type EnvironmentFileKind, pinBack } from './environment-file.ts';
import { isNeededByOthers } from './options.ts';
import { pluginsFile } from './plugins.ts';
import { requirementsFile } from './requirements.ts';

/** How many of the newest deployments are searched for updates of before. */
const SEARCHED = 20;

type File = {
  readonly path: string;
  readonly versionId?: string | undefined;
  /** The environment named no version: `versionId` is the one that was the newest. */
  readonly unpinned?: true;
};

/** What was in force before, of what the update changes. */
interface Before {
  readonly requirements?: File | null;
  readonly plugins?: File | null;
  readonly options?: Readonly<Record<string, string | null>>;
}

/**
 * One update of the environment for all that it has to take up: it replaces every container, workers included. Before
 * the DAG, which may need what it brings.
 */
export const environmentUpdate: StepDefinition = {
  id: 'environment-update',
  kind: 'environment-update',
  // What it changes is others' too; what it is taken back to keeps their part.
  shared: false,
  restartsWorkers: true,
  look: async (target, signal) => (needsUpdate(target) ? await lookAt(target, signal) : undefined),
  act: takeUp,
  lookBack,
  takeBack,
};

/** The same where it only lets go of what an earlier mode needed: after the DAG, which needs it until it is replaced. */
export const environmentUpdateLeft: StepDefinition = {
  ...environmentUpdate,
  id: 'environment-update-left',
  look: async (target, signal) => (needsUpdate(target) ? undefined : await lookAt(target, signal)),
};

function needsUpdate({ request }: Target): boolean {
  return requirementsNeed(request) !== undefined || pluginNeed(request) !== undefined;
}

async function lookAt(target: Target, signal: AbortSignal): Promise<Change | undefined> {
  const { environment, known } = target;
  const { update } = known;
  if (update === undefined) return undefined;
  known.pastUpdates = await pastUpdates(target, signal);
  const before = await beforeOf(target, update, signal);
  const after = {
    ...(update.requirements === undefined ? {} : { requirements: newPin(update.requirements) }),
    ...(update.plugins === undefined ? {} : { plugins: newPin(update.plugins) }),
    ...(update.options === undefined ? {} : { options: update.options }),
  };
  return {
    action: 'update',
    resource: environment.name,
    diff: await unifiedDiff(canonicalJson(before), canonicalJson(after), environment.name),
    reason: `${replacementWords(known.workerReplacement)}${pastWords(known.pastUpdates)}`,
    before,
  };
}

async function takeUp(target: Target, work: Work) {
  const { update = {} } = target.known;
  target.known.pastUpdates ??= await pastUpdates(target, work.signal);
  const done = await bringInForce(target, pinned(update), work);
  if (done === PENDING) return PENDING;
  const installation = done.installation ?? target.known.installation;
  if (installation !== undefined) target.known.installation = installation;
  if (update.requirements !== undefined && installation?.state === 'failed') {
    throw new Failure(
      'failed',
      `${target.environment.name} is AVAILABLE, but pip installed nothing: ${installation.line}`,
      {
        advice: `Its workers run without the packages. Take the deployment back: mwaa-console undo ${target.environment.name}; then deploy what installs.`,
        resource: target.environment.name,
      },
    );
  }
  if (installation?.state === 'absent') work.tell('its log groups tell nothing of the installation');
  return { ...pinned(update), installation: installation ?? null };
}

async function lookBack(target: Target, step: JournalStep, signal: AbortSignal): Promise<Restoration | undefined> {
  const { wanted, remains, needed } = await wantedBack(target, step.before as Before, signal);
  const environment = await readEnvironment(target.session, target.environment.name, signal);
  const parts = Object.entries(wanted).filter(([, part]) => part !== undefined);
  if (parts.length === 0 || (complete(wanted) && isInForce(environment, wanted as Wanted))) {
    if (needed.length === 0) return undefined;
    const text = `${needed.join(', ')}: other ingestions need it`;
    return { action: 'keep', text, remains: text, kept: true };
  }
  const files = [wanted.requirements, wanted.plugins].flatMap((file) => (file === undefined ? [] : [words(file)]));
  const options = Object.entries(wanted.options ?? {}).map(([key, value]) => `${key} ${value ?? 'not set'}`);
  return {
    action: 'restore',
    text: `is updated to ${[...files, ...options].join(', ')}: ${replacementWords(target.known.workerReplacement)}`,
    remains: [...remains, `${environment.name}'s last update is this one`].join('; '),
    restartsWorkers: true,
    ...(needed.length > 0 ? { kept: true } : {}),
  };
}

async function takeBack(target: Target, work: Work): Promise<void> {
  const { wanted } = await wantedBack(target, work.step.before as Before, work.signal);
  const put = async (kind: EnvironmentFileKind, file: Back | undefined) => {
    if (file === undefined || 'versionId' in file) return file;
    const { versionId } = await putObject(target, file.path, file.content, kind.contentType, work.signal);
    return { path: file.path, versionId };
  };
  const requirements = await put(requirementsFile, wanted.requirements);
  const plugins = await put(pluginsFile, wanted.plugins);
  const parts: Wanted = {
    ...(requirements === undefined ? {} : { requirements }),
    ...(plugins === undefined ? {} : { plugins }),
    ...(wanted.options === undefined ? {} : { options: wanted.options }),
  };
  if (Object.keys(parts).length === 0) return;
  target.known.pastUpdates ??= await pastUpdates(target, work.signal);
  await bringInForce(target, parts, { ...work, patient: true });
}

/** What has to be in force when the update is taken back, as far as anything of ours is. */
async function wantedBack(target: Target, before: Before, signal: AbortSignal) {
  const made = target.known.update ?? {};
  const remains: string[] = [];
  const needed: string[] = [];
  const back = async (kind: EnvironmentFileKind): Promise<Back | undefined> => {
    const earlier = before[kind.member];
    if (earlier === undefined) return undefined;
    const found = await pinBack(kind, target, earlier, made[kind.member]?.versionId, signal);
    if (found === 'needed') {
      needed.push(earlier?.path ?? kind.defaultPath);
      return undefined;
    }
    if (earlier === null && found !== undefined) {
      remains.push(`an empty ${found.path}, since MWAA can't do without one again`);
    } else if (found !== undefined && 'content' in found) remains.push(`${found.path} in a version of its own`);
    else if (found !== undefined && earlier?.unpinned) {
      remains.push(`${found.path} pinned to the version that was its newest, where none was named`);
    }
    return found;
  };
  const requirements = await back(requirementsFile);
  const plugins = await back(pluginsFile);
  const options = isNeededByOthers(target) ? undefined : before.options;
  if (options === undefined && before.options !== undefined) needed.push(...Object.keys(before.options));
  if (needed.length > 0) remains.push(`${needed.join(', ')}: other ingestions need it`);
  const environment = await readEnvironment(target.session, target.environment.name, signal);
  const changed = Object.entries(options ?? {}).filter(
    ([key, value]) => (environment.configurationOptions[key] ?? null) !== value,
  );
  return {
    wanted: {
      ...(requirements === undefined ? {} : { requirements }),
      ...(plugins === undefined ? {} : { plugins }),
      ...(changed.length === 0 ? {} : { options: Object.fromEntries(changed) }),
    },
    remains,
    needed,
  };
}

function complete({ requirements, plugins }: { requirements?: Back; plugins?: Back }): boolean {
  return [requirements, plugins].every((file) => file === undefined || 'versionId' in file);
}

function words(file: Back): string {
  return 'versionId' in file
    ? `${file.path} at version ${file.versionId}`
    : `${file.path} without what this ingestion needs`;
}

async function beforeOf(target: Target, update: UpdateParts, signal: AbortSignal): Promise<Before> {
  const { environment } = target;
  const { configurationOptions } = environment;
  return {
    ...(update.requirements === undefined
      ? {}
      : { requirements: await pinOf(target, environment.requirements, signal) }),
    ...(update.plugins === undefined ? {} : { plugins: await pinOf(target, environment.plugins, signal) }),
    ...(update.options === undefined
      ? {}
      : {
          options: Object.fromEntries(
            Object.keys(update.options).map((key) => [key, configurationOptions[key] ?? null]),
          ),
        }),
  };
}

/** What is in force of a file; one that is pinned to no version is at the newest, which another will be afterwards. */
async function pinOf(target: Target, file: File | undefined, signal: AbortSignal): Promise<File | null> {
  if (file === undefined || file.versionId !== undefined) return file ?? null;
  const newest = await readObject(target, file.path, signal);
  return newest === undefined ? file : { path: file.path, versionId: newest.versionId, unpinned: true };
}

function newPin({ path, versionId }: { readonly path: string; readonly versionId?: string }) {
  return { path, versionId: versionId ?? '(the version that is put)' };
}

function replacementWords(replacement: 'FORCED' | 'GRACEFUL' | undefined): string {
  return replacement === 'GRACEFUL'
    ? 'GRACEFUL: running tasks end on their old workers, up to 12 hours'
    : 'FORCED: workers stop at once and running tasks fail; 20 to 30 minutes';
}

function pastWords(past: readonly number[]): string {
  if (past.length === 0) return '';
  return `; ${past.length === 1 ? 'its last one' : `its last ${past.length}`} took ${past.map((ms) => age(ms)).join(', ')}`;
}

/** How long this environment's updates took, newest first: ms. Nothing hangs on it, so none where they can't be read. */
async function pastUpdates({ session, environment }: Target, signal: AbortSignal): Promise<number[]> {
  const store = { session, bucket: environment.sourceBucket };
  const journals = await readJournals(store, environment.name, SEARCHED, signal).catch((error: unknown) => {
    if (error instanceof Failure && !signal.aborted) return [];
    throw error;
  });
  return journals.flatMap(({ steps }) => {
    const update = steps.find(({ id, state }) => id === 'environment-update' && state === 'done');
    return update?.startedAt === undefined || update.endedAt === undefined ? [] : [update.endedAt - update.startedAt];
  });
}
