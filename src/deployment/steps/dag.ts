import { dagSource } from '../../ingestion/dag/source.ts';
import { dagKey } from '../../ingestion/names.ts';
import { unifiedDiff } from '../../text/diff.ts';
import { Failure } from '../../text/failure.ts';
import type { StepDefinition, Target } from '../step.ts';
import { unlessMissing } from './found.ts';
import { withKnown } from './known.ts';

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
      diff: await unifiedDiff(found?.text, wanted, key),
      reason: found === undefined ? 'the DAG' : 'differs from what this deployment generates',
      before: found === undefined ? null : ({ versionId: found.versionId } satisfies Before),
    };
  },
  act: async (target, { signal }) => {
    const key = dagKey(target.request.dagsPath, target.request.dagId);
    const wanted = dagSource(withKnown(target));
    const { s3 } = target.session;
    let found = await readObject(target, key, signal);
    if (found?.text !== wanted) {
      await s3.putObject(
        { Bucket: target.environment.sourceBucket, Key: key, Body: wanted, ContentType: 'text/x-python' },
        { signal },
      );
      found = await readObject(target, key, signal);
    }
    if (found === undefined || found.text !== wanted) {
      throw new Failure('failed', `s3://${target.environment.sourceBucket}/${key} was written by somebody else.`, {
        advice: 'Plan again to see what it holds now.',
        resource: key,
      });
    }
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
    const earlier = await readObject(target, resource, signal, versionId);
    if (earlier === undefined) {
      const text = `can't be restored: its version ${versionId} is gone from the bucket`;
      return {
        action: 'keep',
        text,
        remains: `${resource} as it is now: its version ${versionId} is gone from the bucket`,
      };
    }
    return earlier.text === found?.text
      ? undefined
      : { action: 'restore', text: `is as in version ${versionId} again` };
  },
  takeBack: async (target, { step, signal }) => {
    const restoration = await dag.lookBack(target, step, signal);
    const { s3 } = target.session;
    const object = { Bucket: target.environment.sourceBucket, Key: step.resource };
    if (restoration?.action === 'remove') await s3.deleteObject(object, { signal });
    if (restoration?.action !== 'restore') return;
    const earlier = await readObject(target, step.resource, signal, (step.before as Before).versionId);
    if (earlier !== undefined) {
      await s3.putObject({ ...object, Body: earlier.text, ContentType: 'text/x-python' }, { signal });
    }
  },
};

/** What was there before. */
interface Before {
  readonly versionId: string;
}

interface ReadObject {
  readonly text: string;
  readonly versionId: string;
  readonly writtenAt: number;
}

async function readObject(
  { session, environment }: Target,
  key: string,
  signal: AbortSignal,
  versionId?: string,
): Promise<ReadObject | undefined> {
  const version = versionId === undefined ? {} : { VersionId: versionId };
  const read = session.s3.getObject({ Bucket: environment.sourceBucket, Key: key, ...version }, { signal });
  const answer = await unlessMissing(read);
  if (answer === undefined) return undefined;
  return {
    text: (await answer.Body?.transformToString()) ?? '',
    versionId: answer.VersionId ?? '',
    writtenAt: answer.LastModified?.getTime() ?? 0,
  };
}
