import { isPassing, persist } from '../../aws/persist.ts';
import type { Session } from '../../aws/session.ts';
import { readTasks } from '../../fleet/tasks.ts';
import { Failure } from '../../text/failure.ts';
import { runTask, type StartedTask } from '../run.ts';
import { isSecretOf, type TemporaryJournal, type TemporaryParts } from './journal.ts';
import type { OwnRun } from './plan.ts';

/** How long what was made may take to be removed after a failure, ms. */
const REMOVAL = 30_000;

/**
 * Makes the secret and the revision of a run, each written down before, and starts its task. What fails on the way is
 * taken away again before it is thrown; what may pass is tried again.
 */
export async function startOwnRun(
  session: Session,
  journal: TemporaryJournal,
  own: OwnRun,
  signal: AbortSignal,
): Promise<StartedTask> {
  const { parts, request } = own;
  if (session.guard.readOnly) {
    throw new Failure('refused', 'This session is read-only: it makes no secret and runs no task.', {
      advice: 'Start without --read-only.',
    });
  }
  await journal.begin(parts);
  try {
    const secretArn = await persist(session.clock, signal, () => makeSecret(session, own, signal));
    const taskDefinition = await persist(session.clock, signal, () =>
      registerRevision(session, own, secretArn, signal),
    );
    return await runTask(session, { ...request, taskDefinition }, signal);
  } catch (error) {
    await removeTemporary(session, journal, parts, AbortSignal.timeout(REMOVAL)).catch((failed: unknown) => {
      // It stays written down, so that the next start offers to remove it; what went wrong first counts.
      if (!(failed instanceof Failure)) throw failed;
    });
    throw error;
  }
}

/** The same token asks for the same secret: one that is there already is not made twice. */
async function makeSecret(session: Session, { parts, content, shown }: OwnRun, signal: AbortSignal): Promise<string> {
  const { ARN: arn } = await session.secretsManager.createSecret(
    {
      Name: parts.secretName,
      Description: `Configuration of one run of ${parts.family}, by mwaa-console: it removes it as soon as the task has started`,
      SecretString: content,
      ClientRequestToken: parts.id,
    },
    { signal },
  );
  if (arn === undefined) throw new Failure('service', `Secrets Manager names no ARN for ${parts.secretName}.`);
  // Whoever may read all secrets of the account still can; nobody else but the task can.
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'ReadByTheTask',
        Effect: 'Allow',
        Principal: { AWS: shown.reader },
        Action: 'secretsmanager:GetSecretValue',
        Resource: '*',
      },
    ],
  };
  await session.secretsManager.putResourcePolicy(
    { SecretId: arn, ResourcePolicy: JSON.stringify(policy), BlockPublicPolicy: true },
    { signal },
  );
  return arn;
}

/** Registering has no client token: when its answer is lost, the revision that names the secret is the one. */
async function registerRevision(
  session: Session,
  own: OwnRun,
  secretArn: string,
  signal: AbortSignal,
): Promise<string> {
  try {
    const answer = await session.ecs.registerTaskDefinition(own.revision(secretArn), { signal });
    if (answer.taskDefinition?.taskDefinitionArn !== undefined) return answer.taskDefinition.taskDefinitionArn;
  } catch (error) {
    signal.throwIfAborted();
    if (!isPassing(error)) throw error;
    const [found] = await revisionsOf(session, own.parts, signal);
    if (found === undefined) throw error;
    return found;
  }
  throw new Failure('service', `ECS registered ${own.parts.family} and named no revision.`);
}

/** The active revisions of a run: those that take something from its secret. */
async function revisionsOf(
  session: Session,
  { family, secretName }: TemporaryParts,
  signal: AbortSignal,
): Promise<string[]> {
  const { taskDefinitionArns = [] } = await session.ecs.listTaskDefinitions(
    { familyPrefix: family, status: 'ACTIVE', sort: 'DESC', maxResults: 100 },
    { signal },
  );
  const found: string[] = [];
  for (const taskDefinition of taskDefinitionArns) {
    const answer = await session.ecs.describeTaskDefinition({ taskDefinition }, { signal });
    const secrets = (answer.taskDefinition?.containerDefinitions ?? []).flatMap(({ secrets = [] }) => secrets);
    if (secrets.some(({ valueFrom = '' }) => isSecretOf(valueFrom, secretName))) found.push(taskDefinition);
  }
  return found;
}

/**
 * Takes away what a run made, whatever of it is there, and strikes it out. A task that is still starting reads the
 * secret yet: `starting`, and nothing is removed.
 */
export async function removeTemporary(
  session: Session,
  journal: TemporaryJournal,
  parts: TemporaryParts,
  signal: AbortSignal,
): Promise<'removed' | 'starting'> {
  return persist(session.clock, signal, () => removeWhatIsThere(session, journal, parts, signal));
}

async function removeWhatIsThere(
  session: Session,
  journal: TemporaryJournal,
  parts: TemporaryParts,
  signal: AbortSignal,
): Promise<'removed' | 'starting'> {
  const revisions = await revisionsOf(session, parts, signal);
  if (revisions.length > 0 && (await isStarting(session, parts, revisions, signal))) return 'starting';
  for (const taskDefinition of revisions) {
    await session.ecs.deregisterTaskDefinition({ taskDefinition }, { signal });
  }
  try {
    await session.secretsManager.deleteSecret(
      { SecretId: parts.secretName, ForceDeleteWithoutRecovery: true },
      { signal },
    );
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'not-found') throw error;
  }
  await journal.end(parts.id);
  return 'removed';
}

async function isStarting(
  session: Session,
  { cluster, family }: TemporaryParts,
  revisions: readonly string[],
  signal: AbortSignal,
): Promise<boolean> {
  const tasks = await readTasks(session, { cluster, family, which: 'running' }, signal);
  return tasks.some(
    ({ taskDefinition, startedAt, stoppingAt, lastStatus }) =>
      revisions.includes(taskDefinition) &&
      startedAt === undefined &&
      stoppingAt === undefined &&
      lastStatus !== 'STOPPED',
  );
}
