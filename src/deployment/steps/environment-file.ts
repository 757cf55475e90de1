import { readEnvironment } from '../../fleet/environments.ts';
import { Failure } from '../../text/failure.ts';
import type { JournalStep } from '../journal.ts';
import type { BackTarget, StepDefinition, StepKind, Target } from '../step.ts';
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
  /** The content with this ingestion's need in it; undefined when it has none. */
  add(existing: Uint8Array | undefined, target: Target): Uint8Array | undefined;
  /** The content without this ingestion's need; what others need stays. */
  withdraw(existing: Uint8Array, target: BackTarget): Uint8Array;
  /** Whether an earlier content has all that other ingestions need of this one, from which ours is taken out. */
  suffices(earlier: Uint8Array | undefined, left: Uint8Array, target: BackTarget): boolean;
  /** What of the content counts: an environment is not updated for a comment. */
  significant(content: Uint8Array | undefined): string;
  diff(before: Uint8Array | undefined, after: Uint8Array, path: string): Promise<string>;
  readonly reason: string;
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
      const { path, inForce, wanted } = await wantedFile(file, target, signal);
      if (wanted === undefined || isSame(wanted, inForce?.bytes)) return undefined;
      const newest = await readObject(target, path, signal);
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
        diff: await file.diff(inForce?.bytes, wanted, path),
        reason: file.reason,
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
      if (back === undefined) return undefined;
      if (back === 'removed') return { action: 'remove', text: 'is removed' };
      if (back.length === file.empty.length) {
        return {
          action: 'restore',
          text: 'is empty',
          remains: `an empty ${step.resource}: MWAA can't do without again`,
        };
      }
      return { action: 'restore', text: 'is as before in the bucket' };
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
async function wantedFile(file: EnvironmentFileKind, target: Target, signal: AbortSignal) {
  const pinned = target.environment[file.member];
  const path = pinned?.path ?? file.defaultPath;
  const inForce = pinned === undefined ? undefined : await readObject(target, path, signal, pinned.versionId);
  if (pinned !== undefined && inForce === undefined) {
    throw new Failure(
      'failed',
      `Version ${pinned.versionId ?? 'newest'} of ${path}, which is in force, is gone from the bucket.`,
      {
        advice: 'Put the file anew and update the environment with that version; then plan again.',
        resource: path,
      },
    );
  }
  const base = inForce && (await current(file, target, path, inForce, signal));
  return { path, inForce, wanted: file.add(base?.bytes, target) };
}

/** The newest version where it says nothing else than the one in force: it may name ingestions that need no update. */
async function current(
  file: EnvironmentFileKind,
  target: Target,
  path: string,
  inForce: BucketObject,
  signal: AbortSignal,
): Promise<BucketObject> {
  const newest = await readObject(target, path, signal);
  return newest !== undefined && file.significant(newest.bytes) === file.significant(inForce.bytes) ? newest : inForce;
}

/** What the newest version has to hold when the step is taken back; undefined when it does. */
async function contentBack(
  file: EnvironmentFileKind,
  target: BackTarget,
  { resource, before, after }: JournalStep,
  signal: AbortSignal,
): Promise<Uint8Array | 'removed' | undefined> {
  const newest = await readObject(target, resource, signal);
  if (newest === undefined) return undefined;
  const made = (after as { readonly versionId: string } | undefined)?.versionId;
  const { versionId } = before as Before;
  const content = await earlierContent(target, resource, versionId, signal);
  const left = file.withdraw(newest.bytes, target);
  const own = (made === undefined || newest.versionId === made) && file.suffices(content?.bytes, left, target);
  const pinned = (await pinnedNow(target, file, signal))?.path === resource;
  if (own && versionId === null) return pinned ? different(file.empty, newest) : 'removed';
  return different((own && content?.bytes) || left, newest);
}

function earlierContent(target: Target, key: string, versionId: string | null, signal: AbortSignal) {
  return versionId === null ? Promise.resolve(undefined) : readObject(target, key, signal, versionId);
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
 * there was none; the content without this ingestion's need where others have built on it, or where that version is gone.
 * `needed` where what others need is what is in force; undefined when nothing of ours is.
 */
export async function pinBack(
  file: EnvironmentFileKind,
  target: BackTarget,
  before: { readonly path: string; readonly versionId?: string | undefined } | null,
  made: string | undefined,
  signal: AbortSignal,
): Promise<Back | 'needed' | undefined> {
  const pinned = await pinnedNow(target, file, signal);
  if (pinned === undefined) return undefined;
  const { path } = pinned;
  const own = made !== undefined && pinned.versionId === made;
  const inForce = await readObject(target, path, signal, pinned.versionId);
  const left = inForce && file.withdraw((await current(file, target, path, inForce, signal)).bytes, target);
  if (own) {
    const earlier = before === null ? undefined : await readObject(target, before.path, signal, before.versionId);
    if (left === undefined || file.suffices(earlier?.bytes, left, target)) {
      if (before === null) return { path, content: file.empty };
      if (earlier !== undefined) return { path: before.path, versionId: earlier.versionId };
    }
  }
  if (inForce === undefined || left === undefined) return own ? { path, content: file.empty } : undefined;
  if (file.significant(left) !== file.significant(inForce.bytes)) return { path, content: left };
  return own || !isSame(left, inForce.bytes) ? 'needed' : undefined;
}
