import { readEnvironment } from '../../fleet/environments.ts';
import { Failure } from '../../text/failure.ts';
import type { JournalStep } from '../journal.ts';
import type { StepDefinition, StepKind, Target } from '../step.ts';
import { type BucketObject, putObject, readObject } from './bucket-object.ts';

/** A file that an environment installs at one version of its own: a new one counts only by an update. */
export interface EnvironmentFileKind {
  readonly member: 'requirements' | 'plugins';
  readonly kind: StepKind;
  /** Where it lies in an environment that has none yet. */
  readonly defaultPath: string;
  readonly contentType: string;
  /** What stands for none, since MWAA can't unset the file (user guide, FAQ). */
  readonly empty: Uint8Array;
  /** Whether the file has to be looked at for this ingestion at all. */
  concerns(target: Target): boolean;
  /**
   * The content with this ingestion's need in it; without what an earlier mode of it needed, where it needs nothing;
   * undefined when it neither needs anything nor did.
   */
  want(existing: Uint8Array | undefined, target: Target): Uint8Array | undefined;
  /** The content without what `want` did, as it was in `earlier` where that is known; what others need stays. */
  unwant(existing: Uint8Array, target: Target, earlier: Uint8Array | undefined): Uint8Array;
  /** Whether an earlier content has all that other ingestions need of this one, `left`, from which ours is taken out. */
  suffices(earlier: Uint8Array | undefined, left: Uint8Array, target: Target): boolean;
  /** Whether what `want` put in has to stay, since others rely on it without a mark of their own in the file. */
  neededByOthers(target: Target): boolean;
  /** What of the content counts: an environment is not updated for a comment. */
  significant(content: Uint8Array | undefined): string;
  diff(before: Uint8Array | undefined, after: Uint8Array, path: string): Promise<string>;
  reason(target: Target): string;
}

/** What was there before: the newest version of the object, which is not always the one in force. */
interface Before {
  readonly path: string;
  readonly versionId: string | null;
}

/** The step that puts such a file; the environment takes it up by its update. */
export function environmentFileStep(file: EnvironmentFileKind): StepDefinition {
  const { member } = file;
  return {
    id: member,
    kind: file.kind,
    shared: true,
    look: async (target, signal) => {
      if (!file.concerns(target)) return undefined;
      const { path, inForce, newest, base, wanted } = await wantedFile(file, target, signal);
      if (wanted === undefined || isSame(wanted, base?.bytes)) return undefined;
      const there = isSame(wanted, newest?.bytes) ? newest : undefined;
      if (file.significant(wanted) !== file.significant(inForce?.bytes)) {
        target.known.update = {
          ...target.known.update,
          [member]: { path, ...(there === undefined ? {} : { versionId: there.versionId }) },
        };
      }
      if (there !== undefined) return undefined;
      return {
        action: newest === undefined ? 'create' : 'update',
        resource: path,
        diff: await file.diff(base?.bytes, wanted, path),
        reason: file.reason(target),
        before: { path, versionId: newest?.versionId ?? null } satisfies Before,
      };
    },
    act: async (target, { signal }) => {
      const { path, wanted } = await wantedFile(file, target, signal);
      if (wanted === undefined) return null;
      const { versionId } = await putObject(target, path, wanted, file.contentType, signal);
      const { update } = target.known;
      if (update?.[member] !== undefined) target.known.update = { ...update, [member]: { path, versionId } };
      return { path, versionId };
    },
    lookBack: async (target, step, signal) => {
      const back = await contentBack(file, target, step, signal);
      if (back === undefined) {
        if (!file.neededByOthers(target)) return undefined;
        const text = 'other ingestions need it';
        return { action: 'keep', text, remains: `what is in ${step.resource}: ${text}`, kept: true };
      }
      if (back === 'removed') return { action: 'remove', text: 'is removed' };
      if (back.length === file.empty.length) {
        return {
          action: 'restore',
          text: 'is empty',
          remains: `an empty ${step.resource}: MWAA can't do without again`,
        };
      }
      const text = 'is as before in the bucket';
      if (await isTakenUp(file, target, back, signal)) return { action: 'restore', text };
      const { environment, request } = target;
      const remains = `${step.resource} as before in the bucket alone: ${environment.name} takes it up by an update, which deploying ${request.dagId} again brings`;
      return { action: 'restore', text, remains };
    },
    takeBack: async (target, { step, signal }) => {
      const back = await contentBack(file, target, step, signal);
      if (back === 'removed') {
        const object = { Bucket: target.environment.sourceBucket, Key: step.resource };
        await target.session.s3.deleteObject(object, { signal });
      } else if (back !== undefined) await putObject(target, step.resource, back, file.contentType, signal);
    },
  };
}

/** What has to be put so that the environment can take it up; the path, and what is in force now. */
export async function wantedFile(file: EnvironmentFileKind, target: Target, signal: AbortSignal) {
  const pinned = target.environment[file.member];
  const path = pinned?.path ?? file.defaultPath;
  const inForce = pinned === undefined ? undefined : await readObject(target, path, signal, pinned.versionId);
  // Whoever needs nothing of it goes on without.
  if (pinned !== undefined && inForce === undefined && file.want(undefined, target) !== undefined) {
    throw new Failure(
      'failed',
      `Version ${pinned.versionId ?? 'newest'} of ${path}, which is in force, is gone from the bucket.`,
      {
        advice: 'Put the file anew and update the environment with that version; then plan again.',
        resource: path,
      },
    );
  }
  const newest = await readObject(target, path, signal);
  const base = baseOf(file, inForce, newest);
  return { path, inForce, newest, base, wanted: file.want(base?.bytes, target) };
}

/** What is built on: the newest version where it installs the same as the one in force, since it may tell of more. */
function baseOf<T extends BucketObject | undefined>(
  file: EnvironmentFileKind,
  inForce: T,
  newest: BucketObject | undefined,
): T | BucketObject {
  if (inForce === undefined || newest === undefined) return inForce;
  return file.significant(newest.bytes) === file.significant(inForce.bytes) ? newest : inForce;
}

/** What the newest version has to hold when the step is taken back; undefined when it does. */
async function contentBack(
  file: EnvironmentFileKind,
  target: Target,
  { resource, before, after }: JournalStep,
  signal: AbortSignal,
): Promise<Uint8Array | 'removed' | undefined> {
  const newest = await readObject(target, resource, signal);
  if (newest === undefined) return undefined;
  const made = (after as { readonly versionId: string } | undefined)?.versionId;
  const { versionId } = before as Before;
  const earlier = versionId === null ? undefined : await readObject(target, resource, signal, versionId);
  const left = file.unwant(newest.bytes, target, earlier?.bytes);
  const own =
    (made === undefined || (await holds(target, newest, made, signal))) && file.suffices(earlier?.bytes, left, target);
  const pinned = (await pinnedNow(target, file, signal))?.path === resource;
  if (own && versionId === null) return pinned ? different(file.empty, newest) : 'removed';
  return different((own && earlier?.bytes) || left, newest);
}

/**
 * Whether the environment installs what is put back: by the update of this deployment, which is taken back too, or
 * since it holds as much. What another's undo took out of it meanwhile comes back by no update.
 */
async function isTakenUp(file: EnvironmentFileKind, target: Target, back: Uint8Array, signal: AbortSignal) {
  if (target.known.update?.[file.member] !== undefined) return true;
  const pinned = await pinnedNow(target, file, signal);
  const inForce = pinned && (await readObject(target, pinned.path, signal, pinned.versionId));
  return file.significant(back) === file.significant(inForce?.bytes);
}

/** Whether an object is a version, or says the same: one that was put back is a version of its own. */
async function holds(target: Target, found: BucketObject, versionId: string, signal: AbortSignal): Promise<boolean> {
  if (found.versionId === versionId) return true;
  return isSame(found.bytes, (await readObject(target, found.key, signal, versionId))?.bytes);
}

async function pinnedNow({ session, environment }: Target, { member }: EnvironmentFileKind, signal: AbortSignal) {
  return (await readEnvironment(session, environment.name, signal))[member];
}

function different(wanted: Uint8Array, found: BucketObject): Uint8Array | undefined {
  return isSame(wanted, found.bytes) ? undefined : wanted;
}

function isSame(one: Uint8Array, other: Uint8Array | undefined): boolean {
  return other !== undefined && Buffer.compare(one, other) === 0;
}

/** What the environment has to be pinned to. */
export type Back =
  | { readonly path: string; readonly content: Uint8Array }
  | { readonly path: string; readonly versionId: string };

/**
 * What the environment has to be pinned to when its update is taken back: the version of before; an empty file where
 * there was none; the content without what this ingestion did to it where others have built on it, or where that version
 * is gone. `needed` where what others need is what is in force; undefined when nothing of ours is.
 */
export async function pinBack(
  file: EnvironmentFileKind,
  target: Target,
  before: { readonly path: string; readonly versionId?: string | undefined } | null,
  made: string | undefined,
  signal: AbortSignal,
): Promise<Back | 'needed' | undefined> {
  const pinned = await pinnedNow(target, file, signal);
  if (pinned === undefined) return undefined;
  const { path } = pinned;
  const own = made !== undefined && pinned.versionId === made;
  const inForce = await readObject(target, path, signal, pinned.versionId);
  const base = baseOf(file, inForce, await readObject(target, path, signal));
  const earlier = before === null ? undefined : await readObject(target, before.path, signal, before.versionId);
  const left = base && file.unwant(base.bytes, target, earlier?.bytes);
  if (own && (left === undefined || file.suffices(earlier?.bytes, left, target))) {
    if (before === null) return { path, content: file.empty };
    if (earlier !== undefined) return { path: before.path, versionId: earlier.versionId };
  }
  if (inForce === undefined || left === undefined) return own ? { path, content: file.empty } : undefined;
  if (file.significant(left) !== file.significant(inForce.bytes)) return { path, content: left };
  return own || !isSame(left, inForce.bytes) ? 'needed' : undefined;
}
