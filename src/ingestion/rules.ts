import type { RuleBasis } from './pipeline.ts';

/** What a rule of the pipeline check rests on. */
export interface Rule {
  readonly basis: RuleBasis;
  readonly source: string;
}

const MODELS = "openmetadata-ingestion's generated models, which refuse it";
const OM = 'github.com/open-metadata/OpenMetadata';
const DOCS = 'docs.open-metadata.org';

/** Every rule, by the id that its findings carry. */
export const rules = {
  'unknown-key': { basis: 'schema', source: MODELS },
  'missing-key': { basis: 'schema', source: MODELS },
  'wrong-shape': { basis: 'schema', source: MODELS },
  'wrong-choice': { basis: 'schema', source: MODELS },
  'not-text': { basis: 'schema', source: MODELS },
  'unknown-connector': { basis: 'schema', source: MODELS },
  'unknown-source-config': { basis: 'schema', source: MODELS },
  'password-place': { basis: 'schema', source: `${OM} issue 12259; ${MODELS}` },
  'run-id-uuid': { basis: 'schema', source: MODELS },
  'host-port-api': { basis: 'practice', source: `${DOCS}: deployment/ingestion/external, openMetadataServerConfig` },
  'missing-token': { basis: 'practice', source: `${OM}: ingestion, ometa/auth_provider.py` },
  'auth-provider': { basis: 'practice', source: `${DOCS}: security/enable-jwt-tokens` },
  'version-validation': { basis: 'practice', source: `${OM}: ingestion, ometa/mixins/server_mixin.py` },
  placeholder: { basis: 'practice', source: `${DOCS}: the values in <> of its samples` },
  'not-filled-in': { basis: 'practice', source: `${OM}: ingestion, operators/docker/main.py and config/common.py` },
  'secret-in-clear': { basis: 'practice', source: `${DOCS}: deployment/ingestion/external/credentials` },
  'secret-reference': {
    basis: 'practice',
    source: `${OM}: ingestion, utils/secrets; ${DOCS}: deployment/secrets-manager`,
  },
  'missing-step': { basis: 'practice', source: `${OM}: ingestion, workflow/ingestion.py and workflow/usage.py` },
  'wrong-step': { basis: 'practice', source: `${DOCS}: connectors, the samples of each workflow` },
  'stage-file': { basis: 'practice', source: `${OM}: ingestion, stage/table_usage.py and bulksink/metadata_usage.py` },
  'source-config-family': { basis: 'practice', source: `${OM}: ingestion, utils/class_helper.py` },
  'source-type': { basis: 'practice', source: `${OM}: ingestion, utils/class_helper.py` },
  'missing-type': { basis: 'practice', source: `${OM}: ingestion, api/parser.py` },
  'missing-service': { basis: 'practice', source: `${DOCS}: deployment/ingestion/external/credentials` },
  'localhost-link': { basis: 'practice', source: `${DOCS}: connectors/pipeline/airflow` },
  'mark-deleted': { basis: 'practice', source: `${OM} issue 25227` },
  'fixed-run-id': { basis: 'practice', source: `${OM}: ingestion, operators/docker/main.py` },
  'version-unknown': { basis: 'practice', source: `${OM}/releases` },
} as const satisfies Readonly<Record<string, Rule>>;

/** A rule's id. */
export type RuleId = keyof typeof rules;
