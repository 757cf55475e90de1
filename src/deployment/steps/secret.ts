import { unlessMissing } from '../../aws/found.ts';
import { maskedConfiguration, secretContent } from '../../ingestion/secret.ts';
import { unifiedDiff } from '../../text/diff.ts';
import { Failure } from '../../text/failure.ts';
import type { StepDefinition, Target } from '../step.ts';

/** Code of the failure that ends a deployment whose configuration never reached its secret. */
export const CONFIGURATION_NOT_STORED = 'ConfigurationNotStored';
/** The shortest that Secrets Manager takes, days. */
const RECOVERY_WINDOW = 7;

/** What was there before. */
interface Before {
  readonly arn: string | null;
  readonly versionId: string | null;
  readonly deleted: boolean;
}

/** Ends the description of every secret that we make. */
export const SECRET_MARK = ', by mwaa-console';

/**
 * The ingestion's own secret: the whole workflow configuration, so that nothing of it stands in a DAG, a task
 * definition or an override. Neither the journal nor a diff holds its values. The first step, since it alone needs the
 * pipeline file: what comes after, anybody can go on with.
 */
export const secret: StepDefinition = {
  id: 'secret',
  kind: 'secret',
  shared: false,
  look: async (target, signal) => {
    const { request, known } = target;
    const wanted = secretContent(request.pipeline);
    const found = await describe(target, signal);
    if (found === undefined) {
      return {
        action: 'create',
        resource: request.secretName,
        diff: await unifiedDiff(undefined, maskedConfiguration(wanted), request.secretName),
        reason: 'holds the workflow configuration',
        before: null,
      };
    }
    if (found.arn !== null) known.secretArn = found.arn;
    const current = found.deleted ? undefined : await currentValue(target, signal);
    if (current === wanted) return undefined;
    const masked = current === undefined ? undefined : maskedConfiguration(current);
    return {
      action: 'update',
      resource: request.secretName,
      diff: await unifiedDiff(masked, maskedConfiguration(wanted), request.secretName),
      reason: found.deleted ? 'is scheduled for deletion: it is restored' : 'the workflow configuration has changed',
      before: { arn: found.arn, versionId: found.versionId, deleted: found.deleted } satisfies Before,
    };
  },
  act: async (target, { step, signal }) => {
    const { session, request, known } = target;
    const found = await describe(target, signal);
    if (found?.versions.has(step.token)) {
      if (found.versionId !== step.token) throw writtenBySomebodyElse(request.secretName);
      if (found.arn !== null) known.secretArn = found.arn;
      return { arn: found.arn, versionId: step.token };
    }
    const value = { SecretString: contentOf(target, step.token), ClientRequestToken: step.token };
    if (found === undefined) {
      await session.secretsManager.createSecret(
        {
          Name: request.secretName,
          Description: `Configuration of the ingestion ${request.dagId} of the MWAA environment ${request.environment}${SECRET_MARK}`,
          ...(request.secretKmsKeyArn === undefined ? {} : { KmsKeyId: request.secretKmsKeyArn }),
          ...value,
        },
        { signal },
      );
    } else {
      if (found.deleted) await session.secretsManager.restoreSecret({ SecretId: request.secretName }, { signal });
      await session.secretsManager.putSecretValue({ SecretId: request.secretName, ...value }, { signal });
    }
    const made = await describe(target, signal);
    if (made?.versionId !== step.token) throw writtenBySomebodyElse(request.secretName);
    if (made.arn !== null) known.secretArn = made.arn;
    return { arn: made.arn, versionId: step.token };
  },
  lookBack: async (target, step, signal) => {
    const found = await describe(target, signal);
    if (found === undefined) return undefined;
    const before = step.before as Before | null;
    const scheduled = `the secret ${step.resource}, scheduled for deletion (${RECOVERY_WINDOW} days); the next deployment brings it back`;
    if (before === null) {
      return { action: 'remove', text: `is scheduled for deletion in ${RECOVERY_WINDOW} days`, remains: scheduled };
    }
    if (before.versionId === null)
      return { action: 'keep', text: 'had no value before', remains: `the value of ${step.resource}` };
    const text = 'its previous value is the current one again';
    return before.deleted
      ? { action: 'restore', text: `${text}, and it is scheduled for deletion as before`, remains: scheduled }
      : { action: 'restore', text };
  },
  takeBack: async (target, { step, signal }) => {
    const { secretsManager } = target.session;
    const id = { SecretId: step.resource };
    const found = await describe(target, signal);
    const before = step.before as Before | null;
    if (found === undefined) return;
    if (before?.versionId && found.versionId !== before.versionId && !found.deleted) {
      const move = {
        VersionStage: 'AWSCURRENT',
        MoveToVersionId: before.versionId,
        ...(found.versionId === null ? {} : { RemoveFromVersionId: found.versionId }),
      };
      await secretsManager.updateSecretVersionStage({ ...id, ...move }, { signal });
    }
    if ((before === null || before.deleted) && !found.deleted) {
      await secretsManager.deleteSecret({ ...id, RecoveryWindowInDays: RECOVERY_WINDOW }, { signal });
    }
  },
};

/** The content for the secret, as far as this run knows it: whoever resumes does not. */
function contentOf({ request }: Target, token: string): string {
  if (request.pipeline.text !== '') return secretContent(request.pipeline);
  throw new Failure(
    'refused',
    `The deployment stopped before the configuration of ${request.dagId} was stored (version ${token} of ${request.secretName}): only who began it knows it.`,
    {
      advice: 'Nothing else had been changed. Deploy the ingestion again with its pipeline file.',
      resource: request.secretName,
      code: CONFIGURATION_NOT_STORED,
    },
  );
}

interface Described extends Before {
  readonly versions: ReadonlySet<string>;
}

async function describe({ session, request }: Target, signal: AbortSignal): Promise<Described | undefined> {
  const read = session.secretsManager.describeSecret({ SecretId: request.secretName }, { signal });
  const found = await unlessMissing(read);
  if (found === undefined) return undefined;
  const versions = Object.entries(found.VersionIdsToStages ?? {});
  return {
    arn: found.ARN ?? null,
    versionId: versions.find(([, stages]) => stages.includes('AWSCURRENT'))?.[0] ?? null,
    deleted: found.DeletedDate !== undefined,
    versions: new Set(versions.map(([id]) => id)),
  };
}

async function currentValue({ session, request }: Target, signal: AbortSignal): Promise<string | undefined> {
  const read = session.secretsManager.getSecretValue({ SecretId: request.secretName }, { signal });
  return (await unlessMissing(read))?.SecretString;
}

function writtenBySomebodyElse(secretName: string): Failure {
  return new Failure('failed', `${secretName} was written by somebody else at the same moment.`, {
    advice: 'Plan again to see what it holds now.',
    resource: secretName,
  });
}
