import { Failure } from '../text/failure.ts';
import type { RunRequest } from './types.ts';

/** Characters that RunTask takes for the whole overrides structure, JSON punctuation included [ECS API, RunTask]. */
const OVERRIDES_LIMIT = 8192;

/** What a run lays over its task definition. */
export interface Overrides {
  readonly containerOverrides: {
    readonly name: string;
    readonly environment?: { name: string; value: string }[];
    readonly command?: string[];
  }[];
}

/** RunTask's overrides of a run; undefined when it carries none. `container` is the ingestion's. */
export function overridesOf(
  request: Pick<RunRequest, 'pipelineType' | 'pipelineRunId' | 'command'>,
  container: string | undefined,
): Overrides | undefined {
  const environment = [
    { name: 'pipelineType', value: request.pipelineType },
    { name: 'pipelineRunId', value: request.pipelineRunId },
  ].flatMap(({ name, value }) => (value === undefined ? [] : [{ name, value }]));
  if (environment.length === 0 && request.command === undefined) return undefined;
  if (container === undefined) {
    throw new Failure('invalid-input', 'The run has overrides, but no container is known that they are for.', {
      advice: 'Name the container, as the task definition has it.',
    });
  }
  return {
    containerOverrides: [
      {
        name: container,
        ...(environment.length > 0 && { environment }),
        ...(request.command !== undefined && { command: [...request.command] }),
      },
    ],
  };
}

/**
 * Size of overrides as ECS counts them. AWS says characters, some projects found bytes: the larger of the two counts.
 */
function overridesSize(overrides: Overrides): number {
  const text = JSON.stringify(overrides);
  return Math.max(text.length, Buffer.byteLength(text));
}

/** Refuses overrides that RunTask would refuse, before anything is called. */
export function checkOverrides(overrides: Overrides): void {
  const size = overridesSize(overrides);
  if (size <= OVERRIDES_LIMIT) return;
  throw new Failure('invalid-input', `The overrides have ${size} characters; RunTask takes ${OVERRIDES_LIMIT}.`, {
    advice: 'A configuration goes by a secret that the task definition names, not by an override.',
  });
}
