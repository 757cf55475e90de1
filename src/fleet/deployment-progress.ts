import { serverDate } from '../aws/server-date.ts';
import type { Session } from '../aws/session.ts';
import { listDocuments, readDocument } from './documents.ts';
import type { Environment } from './environment.ts';
import { failureFrom } from './snapshots.ts';

/** A deployment that has not come to its end. */
export interface DeploymentProgress {
  readonly id: string;
  readonly dagId: string;
  /** `paused`: begun, and nobody carries it on now; `failed`: a step failed and stopped it. */
  readonly state: 'deploying' | 'paused' | 'failed';
  /** The step it is at, counted from 1, and how many there are. */
  readonly step: number;
  readonly steps: number;
  readonly startedAt: number | undefined;
  /** The id of the step it is at. */
  readonly at?: string | undefined;
  /** Whether it is at an update of the environment that has been asked for: MWAA's own work goes on by itself. */
  readonly updating?: true;
  /** Whether it is being taken back. */
  readonly undo?: true;
  /** Why the step failed that stopped it, as its journal has it. */
  readonly error?: string | undefined;
}

/** A lock that was not renewed for so long has no living holder (ms). */
const LOCK_LIFETIME = 60_000;
/** Deployments older than this (ms) are history, whatever became of them. */
const LOOKED_BACK = 30 * 24 * 60 * 60 * 1000;
/** Among so many of the newest ones an unfinished one is looked for. */
const LOOKED_AT = 8;

interface Journal {
  readonly id: string;
  readonly dagId: string;
  readonly state: string;
  readonly startedAt: number | undefined;
  readonly done: number;
  readonly steps: number;
  readonly at: string | undefined;
  readonly updating: boolean;
  readonly error: string | undefined;
}

/**
 * The newest deployment into an environment that is under way, paused or failed, unless a later one of the same
 * DAG took its place; undefined when there is none. From the journals and the lock in the environment's bucket.
 */
export async function readDeploymentProgress(
  session: Session,
  environment: Pick<Environment, 'name' | 'sourceBucket'>,
  signal: AbortSignal,
): Promise<DeploymentProgress | undefined> {
  const { name, sourceBucket: bucket } = environment;
  const folder = `mwaa-console/${name}/deployments/`;
  const oldest = new Date(session.clock.now() - LOOKED_BACK).toISOString().slice(0, 10).replaceAll('-', '');
  const listed = await listDocuments(session, bucket, folder, signal, `${folder}${oldest}`);
  const newest = listed.sort((a, b) => (a.key < b.key ? 1 : -1)).slice(0, LOOKED_AT);
  const journals = await Promise.all(newest.map((object) => readDocument(session, object, journalFrom, signal)));
  const seen = new Set<string>();
  for (const journal of journals) {
    if (journal === undefined || seen.has(journal.dagId)) continue;
    seen.add(journal.dagId);
    const failed = journal.state === 'failed' || journal.state === 'undo-failed';
    if (!failed && journal.state !== 'applying' && journal.state !== 'undoing') continue;
    const { id, dagId, steps, startedAt } = journal;
    const progress = {
      id,
      dagId,
      step: Math.min(journal.done + 1, steps),
      steps,
      startedAt,
      ...(journal.at === undefined ? {} : { at: journal.at }),
      ...(journal.updating ? { updating: true as const } : {}),
      ...(journal.state.startsWith('undo') ? { undo: true as const } : {}),
    };
    const why = journal.error === undefined ? {} : { error: journal.error };
    if (failed) return { ...progress, state: 'failed', ...why };
    return { ...progress, state: (await isCarriedOn(session, bucket, name, id, signal)) ? 'deploying' : 'paused' };
  }
  return undefined;
}

/** Whether the lock is held for this deployment, by S3's own time. */
async function isCarriedOn(
  session: Session,
  bucket: string,
  environment: string,
  deployment: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const answer = await session.s3.getObject(
      { Bucket: bucket, Key: `mwaa-console/${environment}/lock.json` },
      { signal },
    );
    const holder = members(parsed((await answer.Body?.transformToString('utf-8')) ?? '')).holder;
    const written = answer.LastModified?.getTime() ?? 0;
    const now = serverDate(answer) ?? session.clock.now();
    return members(holder).deployment === deployment && now - written < LOCK_LIFETIME;
  } catch (error) {
    if (failureFrom(error, signal).kind === 'not-found') return false;
    throw error;
  }
}

/** A journal as far as its progress goes; one of another form counts as finished. */
function journalFrom(text: string): Journal | undefined {
  const journal = members(parsed(text));
  const { id, dagId, state, startedAt } = journal;
  if (typeof id !== 'string' || typeof dagId !== 'string' || typeof state !== 'string') return undefined;
  const steps = Array.isArray(journal.steps) ? journal.steps.map(members) : [];
  const end = state.startsWith('undo') ? 'undone' : 'done';
  const error = steps.find((step) => typeof step.error === 'string')?.error;
  const at = steps.find((step) => step.state === 'doing' || step.state === 'undoing' || step.state === 'failed');
  return {
    id,
    dagId,
    state,
    startedAt: typeof startedAt === 'number' ? startedAt : undefined,
    done: steps.filter((step) => step.state === end).length,
    steps: steps.length,
    at: typeof at?.id === 'string' ? at.id : undefined,
    updating: at?.kind === 'environment-update' && at.progress !== undefined,
    error: typeof error === 'string' ? error : undefined,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function members(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
