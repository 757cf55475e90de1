import { unlessMissing } from '../aws/found.ts';
import { policyDigest } from '../fleet/drift.ts';
import { ingestionFrom } from '../fleet/ingestion-record.ts';
import { type Ingestion, ingestionKey } from '../fleet/ingestions.ts';
import { dagKey, policyName } from '../ingestion/names.ts';
import { ingestionPolicies } from '../ingestion/policies.ts';
import { isoTime } from '../text/ages.ts';
import { canonicalJson } from '../text/canonical-json.ts';
import type { DocumentStore } from './documents.ts';
import type { Journal } from './journal.ts';
import type { Target } from './step.ts';
import { readObject } from './steps/bucket-object.ts';
import { earlierFile } from './steps/dag.ts';
import { withKnown } from './steps/known.ts';
import { liveRevision } from './steps/revisions.ts';

/** Writes what the environment's list of ingestions says of this one: the last act of a deployment. */
export async function keepIngestion(target: Target, journal: Journal, signal: AbortSignal): Promise<void> {
  const { session, environment, request } = target;
  const record = ingestionRecord(target, journal);
  await session.s3.putObject(
    {
      Bucket: environment.sourceBucket,
      Key: ingestionKey(environment.name, request.dagId),
      Body: `${JSON.stringify({ ...record, deployedAt: isoTime(record.deployedAt) }, null, 2)}\n`,
      ContentType: 'application/json',
    },
    { signal },
  );
}

/** An ingestion's record as it stands in the bucket; undefined when there is none. */
export async function readRecord(
  { session, bucket }: DocumentStore,
  key: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const answer = await unlessMissing(session.s3.getObject({ Bucket: bucket, Key: key }, { signal }));
  return answer && ((await answer.Body?.transformToString()) ?? '');
}

/** Puts the record back as it was before the deployment, or takes it away: the first act of taking one back. */
export async function restoreIngestion(
  { session, environment, request }: Target,
  { record }: Journal,
  signal: AbortSignal,
): Promise<void> {
  const store = { session, bucket: environment.sourceBucket };
  const key = ingestionKey(environment.name, request.dagId);
  const before = record?.before ?? undefined;
  const found = await readRecord(store, key, signal);
  if (found === before) return;
  const object = { Bucket: store.bucket, Key: key };
  if (before === undefined) await session.s3.deleteObject(object, { signal });
  else await session.s3.putObject({ ...object, Body: before, ContentType: 'application/json' }, { signal });
}

/**
 * Tells the record of before what taking back has made anew: a DAG that was put back is another version of its object,
 * and a revision that was registered again has another number. The last act of taking a deployment back.
 */
export async function settleRecord(target: Target, { record }: Journal, signal: AbortSignal): Promise<void> {
  if (record?.before == null) return;
  const { session, environment, request } = target;
  const place = { Bucket: environment.sourceBucket, Key: ingestionKey(environment.name, request.dagId) };
  const before = ingestionFrom(record.before, place.Key);
  const { dagKey: key, dagVersionId, taskDefinitionArn } = before;
  const wanted = dagVersionId && (await earlierFile(target, key, dagVersionId, signal));
  const found = await readObject(target, key, signal);
  const back = wanted && found !== undefined && Buffer.compare(wanted, found.bytes) === 0;
  const live = taskDefinitionArn && (await liveRevision(session, taskDefinitionArn, signal));
  const settled = {
    ...(JSON.parse(record.before) as object),
    ...(back ? { dagVersionId: found.versionId } : {}),
    ...(live ? { taskDefinitionArn: live } : {}),
  };
  if (canonicalJson(settled) === canonicalJson(JSON.parse(record.before))) return;
  const body = `${JSON.stringify(settled, null, 2)}\n`;
  await session.s3.putObject({ ...place, Body: body, ContentType: 'application/json' }, { signal });
}

/** The record of an ingestion as its last deployment left it; it holds no secret. */
function ingestionRecord(target: Target, journal: Journal): Ingestion {
  const { request, known } = target;
  const policy = ingestionPolicies(withKnown(target)).find(({ holder }) => holder === 'environment');
  const { ecs, pipeline } = request;
  return {
    schema: 1,
    dagId: request.dagId,
    mode: request.mode,
    openmetadataVersion: request.openmetadataVersion,
    airflowVersion: request.airflowVersion,
    pipeline: {
      ...(pipeline.serviceName === undefined ? {} : { serviceName: pipeline.serviceName }),
      sourceType: pipeline.sourceType,
      pipelineType: pipeline.pipelineType,
    },
    secretArn: known.secretArn ?? request.secretName,
    ...(ecs === undefined
      ? {}
      : {
          cluster: ecs.cluster,
          container: ecs.container,
          logGroup: ecs.logGroup,
          logStreamPrefix: ecs.logStreamPrefix ?? 'ecs',
          subnets: [...ecs.subnets],
          securityGroups: [...ecs.securityGroups],
          assignPublicIp: ecs.assignPublicIp,
        }),
    ...(known.taskDefinitionArn === undefined ? {} : { taskDefinitionArn: known.taskDefinitionArn }),
    dagKey: dagKey(request.dagsPath, request.dagId),
    ...(known.dagVersionId === undefined ? {} : { dagVersionId: known.dagVersionId }),
    policyName: policyName(request.dagId),
    ...(policy === undefined ? {} : { policyDigest: policyDigest(policy.document) }),
    executionRoleName: request.executionRoleName,
    ...(request.schedule === undefined ? {} : { schedule: request.schedule }),
    deploymentId: journal.id,
    deployedAt: journal.startedAt,
    deployedBy: journal.startedBy,
  };
}
