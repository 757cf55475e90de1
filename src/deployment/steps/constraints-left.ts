import { isConstraintFile } from '../../ingestion/requirements/constraints.ts';
import { statementsOf } from '../../ingestion/requirements/file.ts';
import { unifiedDiff } from '../../text/diff.ts';
import type { StepDefinition, Target } from '../step.ts';
import { putObject, readObject } from './bucket-object.ts';
import { wantedFile } from './environment-file.ts';
import { requirementsFile } from './requirements.ts';

/** What was there before. */
interface Before {
  readonly versionId: string;
}

/** A constraint file of ours that requirements.txt names no more: after the update that let go of it. */
export const constraintsLeft: StepDefinition = {
  id: 'constraints-left',
  kind: 'constraints',
  shared: true,
  look: async (target, signal) => {
    if (target.known.update?.requirements === undefined) return undefined;
    const { base, wanted } = await wantedFile(requirementsFile, target, signal);
    const kept = new Set(constraintFiles(target, wanted));
    const resource = constraintFiles(target, base?.bytes).find((path) => !kept.has(path));
    const found = resource === undefined ? undefined : await readObject(target, resource, signal);
    if (resource === undefined || found === undefined) return undefined;
    return {
      action: 'delete',
      resource,
      diff: await unifiedDiff(found.text, undefined, resource),
      reason: 'requirements.txt names it no more',
      before: { versionId: found.versionId } satisfies Before,
    };
  },
  act: async ({ session, environment }, { step, signal }) => {
    await session.s3.deleteObject({ Bucket: environment.sourceBucket, Key: step.resource }, { signal });
    return null;
  },
  lookBack: async (target, { resource, before }, signal) => {
    if ((await readObject(target, resource, signal)) !== undefined) return undefined;
    const { versionId } = before as Before;
    if ((await readObject(target, resource, signal, versionId)) !== undefined) {
      return { action: 'restore', text: 'is there again' };
    }
    const text = `can't be restored: its version ${versionId} is gone from the bucket`;
    return { action: 'keep', text, remains: `${resource}, which ${text}` };
  },
  takeBack: async (target, { step, signal }) => {
    if ((await readObject(target, step.resource, signal)) !== undefined) return;
    const earlier = await readObject(target, step.resource, signal, (step.before as Before).versionId);
    if (earlier !== undefined) await putObject(target, step.resource, earlier.bytes, 'text/plain', signal);
  },
};

/** The constraint files of ours that a requirements.txt names, as keys of the bucket. */
function constraintFiles({ request: { dagsPath } }: Target, content: Uint8Array | undefined): string[] {
  const text = content === undefined ? '' : Buffer.from(content).toString('utf8');
  const folder = dagsPath.replace(/^\/+|\/+$/g, '');
  return statementsOf(text).flatMap(({ constraint = '' }) => {
    const name = constraint.split('/').at(-1) ?? '';
    return isConstraintFile(name) ? [`${folder === '' ? '' : `${folder}/`}${name}`] : [];
  });
}
