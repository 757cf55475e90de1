import { randomUUID } from 'node:crypto';
import type { Session } from '../../aws/session.ts';
import type { RegisterInput } from '../../fleet/registrable.ts';
import { mainContainer, taskDefinitionFrom } from '../../fleet/task-definitions.ts';
import { type Pipeline, requireSound } from '../../ingestion/pipeline.ts';
import { maskedConfiguration, secretContent } from '../../ingestion/secret.ts';
import { partitionOf } from '../../reference/partitions.ts';
import { Failure } from '../../text/failure.ts';
import type { RunRequest } from '../types.ts';
import { configurationDiff, withConfiguration } from './definition.ts';
import type { TemporaryParts } from './journal.ts';
import { planParts } from './parts.ts';

/** A run with a configuration of its own, before anything of it is made. */
export interface OwnRun {
  readonly parts: TemporaryParts;
  /** What RunTask will be asked, save for the revision, which is not there yet. */
  readonly request: RunRequest;
  /** The secret's value: the whole configuration. Never shown. */
  readonly content: string;
  /** The revision, given the ARN of the secret. */
  revision(secretArn: string): RegisterInput;
  /** For eyes: the configuration with its secrets hidden, and what the revision changes. */
  readonly shown: { readonly configuration: string; readonly diff: string; readonly reader: string };
}

/**
 * Plans a run whose container gets another configuration than its task definition says: by a secret of its own, which
 * only the task's execution role may read, and a revision in a family of its own. Changes nothing.
 * @throws Failure `invalid-input` for a configuration that OpenMetadata would refuse.
 */
export async function planOwnRun(
  session: Session,
  request: RunRequest,
  pipeline: Pipeline,
  owner: string,
  signal: AbortSignal,
): Promise<OwnRun> {
  requireSound(pipeline, { mode: 'ecs' });
  const content = secretContent(pipeline);
  const named = (family: string, unique: string) => `mwaa-console/${owner}/${family}-${unique}`;
  const { base, parts } = await planParts(session, request, named, signal);
  const container = base && mainContainer(taskDefinitionFrom(base), request.container)?.name;
  if (base === undefined || container === undefined) {
    throw new Failure('not-found', `${request.taskDefinition} has no container ${request.container ?? ''}.`.trim(), {
      advice: 'Name the container, as the task definition has it, with --container.',
      resource: request.taskDefinition,
    });
  }
  const placeholder = `arn:${partitionOf(session.region)}:secretsmanager:${session.region}:${parts.account}:secret:${parts.secretName}`;
  const revision = (secretArn: string) => withConfiguration(base, container, secretArn);
  return {
    parts,
    request: {
      ...request,
      container,
      pipelineType: pipeline.pipelineType,
      pipelineRunId: request.pipelineRunId ?? randomUUID(),
      clientToken: parts.id,
    },
    content,
    revision,
    shown: {
      configuration: maskedConfiguration(content),
      diff: await configurationDiff(base, revision(placeholder)),
      reader: base.executionRoleArn ?? '',
    },
  };
}
