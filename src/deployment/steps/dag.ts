import { dagSource } from '../../ingestion/dag/source.ts';
import { dagKey } from '../../ingestion/names.ts';
import { unifiedDiff } from '../../text/diff.ts';
import { redacted } from '../../text/redact.ts';
import type { StepDefinition, Target } from '../step.ts';
import { putObject, readObject } from './bucket-object.ts';
import { withKnown } from './known.ts';
import { withLiveRevisions } from './revisions.ts';

/** The DAG file in the environment's bucket; MWAA syncs it by itself, no update of the environment is needed. */
export const dag: StepDefinition = {
  id: 'dag',
  kind: 'dag',
  shared: false,
  look: async (target, signal) => {
    const key = dagKey(target.request.dagsPath, target.request.dagId);
    const found = await readObject(target, key, signal);
    const wanted = dagSource(withKnown(target));
    if (found !== undefined && found.text === wanted) {
      target.known.dagVersionId = found.versionId;
      target.known.dagWrittenAt = found.writtenAt;
      return undefined;
    }
    return {
      action: found === undefined ? 'create' : 'update',
      resource: key,
      diff: await unifiedDiff(found && shown(found.text, wanted), wanted, key),
      reason: found === undefined ? 'the DAG' : 'differs from what this deployment generates',
      before: found === undefined ? null : ({ versionId: found.versionId } satisfies Before),
    };
  },
  act: async (target, { signal }) => {
    const key = dagKey(target.request.dagsPath, target.request.dagId);
    const wanted = dagSource(withKnown(target));
    const found = await putObject(target, key, new TextEncoder().encode(wanted), 'text/x-python', signal);
    target.known.dagVersionId = found.versionId;
    target.known.dagWrittenAt = found.writtenAt;
    return { key, versionId: found.versionId };
  },
  lookBack: async (target, { resource, before }, signal) => {
    const found = await readObject(target, resource, signal);
    if (before === null) {
      if (found === undefined) return undefined;
      return {
        action: 'remove',
        text: 'is removed from the bucket',
        remains: `what Airflow remembers of ${target.request.dagId} and its runs, inactive without its file`,
      };
    }
    const { versionId } = before as Before;
    if (found?.versionId === versionId) return undefined;
    const earlier = await earlierFile(target, resource, versionId, signal);
    if (earlier === undefined) {
      const text = `can't be restored: its version ${versionId} is gone from the bucket`;
      return {
        action: 'keep',
        text,
        remains: `${resource} as it is now: its version ${versionId} is gone from the bucket`,
      };
    }
    return found !== undefined && Buffer.compare(earlier, found.bytes) === 0
      ? undefined
      : { action: 'restore', text: `is as in version ${versionId} again` };
  },
  takeBack: async (target, { step, signal }) => {
    const restoration = await dag.lookBack(target, step, signal);
    const { s3 } = target.session;
    const object = { Bucket: target.environment.sourceBucket, Key: step.resource };
    if (restoration?.action === 'remove') await s3.deleteObject(object, { signal });
    if (restoration?.action !== 'restore') return;
    const earlier = await earlierFile(target, step.resource, (step.before as Before).versionId, signal);
    if (earlier !== undefined) await putObject(target, step.resource, earlier, 'text/x-python', signal);
  },
};

/** A DAG for eyes: whoever wrote it by hand may have written a password into it. What we write ourselves holds none. */
function shown(text: string, wanted: string): string {
  const ours = new Set(wanted.split('\n'));
  return text
    .replace(/-----BEGIN[\s\S]*?-----END [A-Z ]+-----/g, (key) => redacted(key))
    .split('\n')
    .map((line) => (ours.has(line) ? line : redacted(line)))
    .join('\n');
}

/** What was there before. */
interface Before {
  readonly versionId: string;
}

/** An earlier version of a DAG, pinning a revision that can still be run. */
export async function earlierFile(
  target: Target,
  key: string,
  versionId: string,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const earlier = await readObject(target, key, signal, versionId);
  if (earlier === undefined) return undefined;
  const text = await withLiveRevisions(target.session, earlier.text, signal);
  return text === earlier.text ? earlier.bytes : new TextEncoder().encode(text);
}
