/** Stands where a secret is in test pipelines: searched for in everything that must not hold one. */
export const CANARY = 'canary-9f3b71';

/** A Redshift pipeline that reports to a region's OpenMetadata server; its password and token are canaries. */
export function redshiftPipeline(regionUrl: string, change: { readonly excludes?: string } = {}): string {
  return `source:
  type: redshift
  serviceName: redshift_prod
  serviceConnection:
    config:
      type: Redshift
      username: openmetadata
      authType:
        password: ${CANARY}-password
      hostPort: redshift.example.com:5439
      database: dev
  sourceConfig:
    config:
      type: DatabaseMetadata
      schemaFilterPattern:
        excludes: [${change.excludes ?? '^pg_.*'}]
sink:
  type: metadata-rest
  config: {}
workflowConfig:
  openMetadataServerConfig:
    hostPort: ${regionUrl}/openmetadata/api
    authProvider: openmetadata
    securityConfig:
      jwtToken: ${CANARY}-token
ingestionPipelineFQN: redshift_prod.redshift_ingestion
`;
}
