import type { Session } from '../aws/session.ts';
import type { Failure } from '../text/failure.ts';
import type { Environment } from './environment.ts';
import { ingestionFrom } from './ingestion-record.ts';
import { list } from './members.ts';
import { Pool } from './pool.ts';
import { failureFrom } from './snapshots.ts';

/**
 * An ingestion that was deployed into an environment, as recorded in the environment's own bucket. Mode `ecs`
 * has the members from `cluster` to `assignPublicIp`.
 */
export interface Ingestion {
  readonly schema: 1;
  readonly dagId: string;
  readonly mode: 'ecs' | 'python' | 'virtualenv';
  readonly openmetadataVersion: string;
  readonly airflowVersion: string;
  readonly pipeline: {
    readonly serviceName?: string | undefined;
    readonly sourceType: string;
    readonly pipelineType: string;
  };
  readonly secretArn: string;
  readonly cluster?: string | undefined;
  readonly taskDefinitionArn?: string | undefined;
  readonly container?: string | undefined;
  readonly logGroup?: string | undefined;
  readonly logStreamPrefix?: string | undefined;
  readonly subnets?: readonly string[] | undefined;
  readonly securityGroups?: readonly string[] | undefined;
  readonly assignPublicIp?: boolean | undefined;
  /** The DAG's object in the bucket, and the version that the deployment put. */
  readonly dagKey: string;
  readonly dagVersionId?: string | undefined;
  readonly policyName: string;
  readonly executionRoleName: string;
  readonly schedule?: string | undefined;
  readonly deploymentId: string;
  /** Ms since the epoch; ISO in the stored object. */
  readonly deployedAt: number;
  /** The caller's ARN. */
  readonly deployedBy: string;
}

/** Where an ingestion's record lies in the environment's bucket. */
export function ingestionKey(environment: string, dagId: string): string {
  return `mwaa-console/${environment}/ingestions/${dagId}.json`;
}

/** The environment whose bucket is read. */
type Place = Pick<Environment, 'name' | 'sourceBucket'>;

/** Records read at once. */
const AT_ONCE = 8;

// Records by bucket, key and ETag: a refresh lists them all, but reads only those that have changed.
const known = new WeakMap<Session, Map<string, { readonly etag: string; readonly ingestion: Ingestion }>>();

/** An environment's ingestions by DAG id, and why records among them can't be read. */
export interface Ingestions {
  readonly ingestions: Ingestion[];
  readonly unreadable: Failure[];
}

/**
 * Reads the records of an environment's ingestions; one that can't be read does not hide the others.
 * @throws Failure when they can't be listed.
 */
export async function readIngestions(session: Session, environment: Place, signal: AbortSignal): Promise<Ingestions> {
  const unreadable: Failure[] = [];
  const ingestions: Ingestion[] = [];
  const pool = new Pool(AT_ONCE);
  const objects = await recordObjects(session, environment, signal);
  await Promise.all(
    objects.map(({ key, etag }) =>
      pool.run(async () => {
        try {
          const ingestion = await readRecord(session, environment, key, etag, signal);
          if (ingestion !== undefined) ingestions.push(ingestion);
        } catch (error) {
          unreadable.push(failureFrom(error, signal));
        }
      }, signal),
    ),
  );
  ingestions.sort((a, b) => a.dagId.localeCompare(b.dagId));
  return { ingestions, unreadable };
}

/**
 * All ingestions of an environment, by DAG id; for decisions that need every one of them.
 * @throws Failure when they can't be listed or one can't be read.
 */
export async function listIngestions(session: Session, environment: Place, signal: AbortSignal): Promise<Ingestion[]> {
  const { ingestions, unreadable } = await readIngestions(session, environment, signal);
  if (unreadable[0] !== undefined) throw unreadable[0];
  return ingestions;
}

/** One ingestion; undefined when the environment has none of that DAG id. */
export async function readIngestion(
  session: Session,
  environment: Place,
  dagId: string,
  signal: AbortSignal,
): Promise<Ingestion | undefined> {
  return readRecord(session, environment, ingestionKey(environment.name, dagId), undefined, signal);
}

async function recordObjects(session: Session, environment: Place, signal: AbortSignal) {
  const prefix = `mwaa-console/${environment.name}/ingestions/`;
  const objects: { key: string; etag: string | undefined }[] = [];
  let token: string | undefined;
  do {
    const page = await session.s3.listObjectsV2(
      { Bucket: environment.sourceBucket, Prefix: prefix, ...(token && { ContinuationToken: token }) },
      { signal },
    );
    for (const object of list(page.Contents)) {
      // A folder's marker and what lies deeper are no records.
      if (object.Key !== undefined && /^[^/]+\.json$/.test(object.Key.slice(prefix.length))) {
        objects.push({ key: object.Key, etag: object.ETag });
      }
    }
    token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
  } while (token);
  return objects;
}

async function readRecord(
  session: Session,
  environment: Place,
  key: string,
  etag: string | undefined,
  signal: AbortSignal,
): Promise<Ingestion | undefined> {
  const place = `s3://${environment.sourceBucket}/${key}`;
  const records = known.get(session) ?? new Map<string, { readonly etag: string; readonly ingestion: Ingestion }>();
  known.set(session, records);
  const kept = records.get(place);
  if (kept !== undefined && kept.etag === etag) return kept.ingestion;
  try {
    const object = await session.s3.getObject({ Bucket: environment.sourceBucket, Key: key }, { signal });
    const ingestion = ingestionFrom((await object.Body?.transformToString('utf-8')) ?? '', place);
    if (object.ETag !== undefined) records.set(place, { etag: object.ETag, ingestion });
    return ingestion;
  } catch (error) {
    const failure = failureFrom(error, signal);
    // Gone since it was listed, or never there.
    if (failure.kind === 'not-found') return undefined;
    throw failure;
  }
}
