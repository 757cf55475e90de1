import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Session } from '../../aws/session.ts';
import type { Registered } from '../../fleet/registrable.ts';
import { endpointOf } from '../records/records.ts';
import { temporaryFamily } from './definition.ts';
import type { TemporaryParts } from './journal.ts';

/** What a run's own revision is made from, and the names of its parts. */
export interface PlannedParts {
  /** The task definition as registered; undefined where ECS tells none. */
  readonly base: Registered | undefined;
  readonly parts: TemporaryParts;
}

/**
 * Names what a task with a secret and a revision of its own will have, before any of it is made: `secretName` gets the
 * base's family and eight characters that no other run has.
 */
export async function planParts(
  session: Session,
  { cluster, taskDefinition }: { readonly cluster: string; readonly taskDefinition: string },
  secretName: (family: string, unique: string) => string,
  signal: AbortSignal,
): Promise<PlannedParts> {
  const [{ account }, { taskDefinition: base }] = await Promise.all([
    session.identity(signal),
    session.ecs.describeTaskDefinition({ taskDefinition }, { signal }),
  ]);
  const id = randomUUID();
  const family = base?.family ?? '';
  const parts = {
    id,
    endpoint: endpointOf(session),
    account,
    region: session.region,
    cluster,
    secretName: secretName(family, id.slice(0, 8)),
    family: temporaryFamily(family),
    startedAt: session.clock.now(),
    host: hostname(),
    pid: process.pid,
  };
  return { base, parts };
}
