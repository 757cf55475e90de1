import type { Pipeline } from './pipeline.ts';
import { at, mapping, textOf } from './values.ts';

/** What a configuration leaves to be looked up as it is used: OpenMetadata's own `secret:` references. */
export interface SecretReferences {
  /** Where they are looked up. */
  readonly store: 'secretsmanager' | 'ssm';
  /** Names or ARNs, without the `secret:` before them. */
  readonly names: readonly string[];
}

const STORES: Readonly<Record<string, SecretReferences['store']>> = {
  aws: 'secretsmanager',
  'managed-aws': 'secretsmanager',
  'aws-ssm': 'ssm',
  'managed-aws-ssm': 'ssm',
};

/** OpenMetadata looks up a value that begins so (openmetadata-ingestion, models/custom_pydantic.py). */
export const SECRET_REFERENCE = 'secret:';

/**
 * The references of a configuration that names AWS as its `secretsManagerProvider`: that is how a file opts in. Undefined
 * where it does not, or refers to nothing.
 */
export function secretReferences(pipeline: Pick<Pipeline, 'value'>): SecretReferences | undefined {
  const store = secretStore(pipeline);
  const names = [...new Set(references(pipeline.value))];
  return store === undefined || names.length === 0 ? undefined : { store, names };
}

/** Where a configuration looks up what it refers to; undefined where it names no provider of AWS. */
export function secretStore({ value }: Pick<Pipeline, 'value'>): SecretReferences['store'] | undefined {
  return STORES[textOf(at(value, 'workflowConfig', 'openMetadataServerConfig', 'secretsManagerProvider')) ?? ''];
}

function references(value: unknown): string[] {
  if (typeof value === 'string')
    return value.startsWith(SECRET_REFERENCE) ? [value.slice(SECRET_REFERENCE.length)] : [];
  if (Array.isArray(value)) return value.flatMap(references);
  return Object.values(mapping(value) ?? {}).flatMap(references);
}
