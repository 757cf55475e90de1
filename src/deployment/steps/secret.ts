import { createHash } from 'node:crypto';
import { maskedConfiguration, secretContent } from '../../ingestion/secret.ts';
import { unifiedDiff } from '../../text/diff.ts';
import { Failure } from '../../text/failure.ts';
import type { StepDefinition, Target } from '../step.ts';
import { unlessMissing } from './found.ts';

/**
 * The ingestion's own secret: the whole workflow configuration, so that nothing of it stands in a DAG, a task
 * definition or an override. Neither the journal nor a diff holds its values.
 */
export const secret: StepDefinition = {
  id: 'secret',
  kind: 'secret',
  shared: false,
  look: async (target, signal) => {
    const { session, request, known } = target;
    const wanted = secretContent(request.pipeline);
    const found = await unlessMissing(
      session.secretsManager.describeSecret({ SecretId: request.secretName }, { signal }),
    );
    if (found === undefined) {
      return {
        action: 'create',
        resource: request.secretName,
        diff: await unifiedDiff(undefined, maskedConfiguration(wanted), request.secretName),
        reason: 'holds the workflow configuration',
        before: null,
      };
    }
    if (found.ARN) known.secretArn = found.ARN;
    const deleted = found.DeletedDate !== undefined;
    const current = deleted ? undefined : await currentValue(target, signal);
    if (current === wanted) return undefined;
    const masked = current === undefined ? undefined : maskedConfiguration(current);
    return {
      action: 'update',
      resource: request.secretName,
      diff: await unifiedDiff(masked, maskedConfiguration(wanted), request.secretName),
      reason: deleted ? 'is scheduled for deletion: it is restored' : 'the workflow configuration has changed',
      before: { arn: found.ARN ?? null, versionId: currentVersion(found.VersionIdsToStages) ?? null, deleted },
    };
  },
  act: async (target, signal) => {
    const { session, request, known } = target;
    const wanted = secretContent(request.pipeline);
    const token = requestToken(request.secretName, wanted);
    let found = await unlessMissing(
      session.secretsManager.describeSecret({ SecretId: request.secretName }, { signal }),
    );
    if (found === undefined) {
      const created = await session.secretsManager.createSecret(
        {
          Name: request.secretName,
          Description: `Configuration of the ingestion ${request.dagId} of the MWAA environment ${request.environment}, by mwaa-console`,
          SecretString: wanted,
          ClientRequestToken: token,
        },
        { signal },
      );
      if (created.ARN) known.secretArn = created.ARN;
      return { arn: created.ARN ?? null, versionId: created.VersionId ?? null };
    }
    if (found.DeletedDate !== undefined) {
      await session.secretsManager.restoreSecret({ SecretId: request.secretName }, { signal });
    }
    const put = await session.secretsManager.putSecretValue(
      { SecretId: request.secretName, SecretString: wanted, ClientRequestToken: token },
      { signal },
    );
    found = await session.secretsManager.describeSecret({ SecretId: request.secretName }, { signal });
    if (currentVersion(found.VersionIdsToStages) !== put.VersionId) {
      throw new Failure('failed', `${request.secretName} was written by somebody else at the same moment.`, {
        advice: 'Plan again to see what it holds now.',
        resource: request.secretName,
      });
    }
    if (found.ARN) known.secretArn = found.ARN;
    return { arn: found.ARN ?? null, versionId: put.VersionId ?? null };
  },
};

async function currentValue({ session, request }: Target, signal: AbortSignal): Promise<string | undefined> {
  const read = session.secretsManager.getSecretValue({ SecretId: request.secretName }, { signal });
  return (await unlessMissing(read))?.SecretString;
}

function currentVersion(stages: Record<string, string[]> | undefined): string | undefined {
  return Object.entries(stages ?? {}).find(([, names]) => names.includes('AWSCURRENT'))?.[0];
}

/**
 * The same name and content give the same version however often it is tried (Secrets Manager, ClientRequestToken:
 * 32 to 64 characters). A hash can't be turned back, and only who may read the secret's versions sees it.
 */
function requestToken(name: string, content: string): string {
  return createHash('sha256').update(name).update('\0').update(content).digest('hex');
}
