import type { Ingestion } from '../../fleet/ingestions.ts';
import { constraintFile, constraintPath, needsConstraintFile } from '../../ingestion/requirements/constraints.ts';
import { withdrawRequirements } from '../../ingestion/requirements/merge.ts';
import { unifiedDiff } from '../../text/diff.ts';
import type { StepDefinition, Target } from '../step.ts';
import { putObject, readObject } from './bucket-object.ts';
import { userOf } from './user.ts';

/** The constraint file that requirements.txt names, beside the DAGs: one for each pair of versions, never changed. */
export const constraints: StepDefinition = {
  id: 'constraints',
  kind: 'constraints',
  shared: true,
  look: async (target, signal) => {
    const wanted = wantedFile(target);
    if (wanted === undefined) return undefined;
    const found = await readObject(target, wanted.path, signal);
    if (found?.text === wanted.content) return undefined;
    return {
      action: found === undefined ? 'create' : 'update',
      resource: wanted.path,
      diff: await unifiedDiff(found?.text, wanted.content, wanted.path),
      reason: "stands in for Airflow's own, which keeps OpenMetadata out",
      before: found === undefined ? null : { versionId: found.versionId },
    };
  },
  act: async (target, { signal }) => {
    const wanted = wantedFile(target);
    if (wanted === undefined) return null;
    const bytes = new TextEncoder().encode(wanted.content);
    const { versionId } = await putObject(target, wanted.path, bytes, 'text/plain', signal);
    return { path: wanted.path, versionId };
  },
  lookBack: async (target, { resource, before }, signal) => {
    const found = await readObject(target, resource, signal);
    if (found === undefined || before !== null) return undefined;
    const user = await namedBy(target, resource.split('/').at(-1) ?? resource, signal);
    if (user === undefined) return { action: 'remove', text: 'is removed: nothing is installed under it' };
    return { action: 'keep', text: user, remains: `${resource}: ${user}`, kept: true };
  },
  takeBack: async (target, { step, signal }) => {
    const restoration = await constraints.lookBack(target, step, signal);
    if (restoration?.action !== 'remove') return;
    const object = { Bucket: target.environment.sourceBucket, Key: step.resource };
    await target.session.s3.deleteObject(object, { signal });
  },
};

function wantedFile({ request }: Target) {
  if (request.mode !== 'python' || !needsConstraintFile(request)) return undefined;
  return constraintFile(request, request.dagsPath);
}

/** Why the file can't go: the requirements.txt of the bucket names it still, for another ingestion, or would again. */
async function namedBy(target: Target, file: string, signal: AbortSignal): Promise<string | undefined> {
  const { requirements } = target.environment;
  const found = await readObject(target, requirements?.path ?? 'requirements.txt', signal);
  const left = withdrawRequirements(found?.text ?? '', target.request.dagId).text;
  if (left.includes(`/${file}`)) return 'requirements.txt names it for others';
  const needs = (one: Ingestion) => one.mode === 'python' && constraintPath(one).endsWith(`/${file}`);
  return userOf(target, needs, 'installs under it');
}
