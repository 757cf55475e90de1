import type { Session } from '../aws/session.ts';
import type { Failure } from '../text/failure.ts';
import { listDocuments, readDocument } from './documents.ts';
import type { Environment } from './environment.ts';
import { ingestionFrom } from './ingestion-record.ts';
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
  /** What the policy on the environment's role said, see `policyDigest`. */
  readonly policyDigest?: string | undefined;
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
  const folder = `mwaa-console/${environment.name}/ingestions/`;
  const objects = await listDocuments(session, environment.sourceBucket, folder, signal);
  await Promise.all(
    objects.map((object) =>
      pool.run(async () => {
        try {
          const ingestion = await readDocument(session, object, ingestionFrom, signal);
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
  const key = ingestionKey(environment.name, dagId);
  return readDocument(session, { bucket: environment.sourceBucket, key }, ingestionFrom, signal);
}
