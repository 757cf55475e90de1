import { parse } from 'yaml';
import { isStructure } from '../../members.ts';

/** What the ingestion's container reads of its workflow configuration. */
export interface WorkflowConfig {
  readonly sourceType: string;
  /** The connection's type, such as `Snowflake`; it names the source step in the summary. */
  readonly connectionType: string;
  readonly serviceName: string;
  /** Where the source is, as the configuration says it; undefined when the server has the connection. */
  readonly hostPort: string | undefined;
  readonly loggerLevel: string;
  readonly successThreshold: number;
  readonly serverHostPort: string | undefined;
  /** Whether a client of another minor version than the server refuses to work. */
  readonly enableVersionValidation: boolean;
  readonly pipelineFqn: string | undefined;
  readonly pipelineRunId: string | undefined;
}

/** A configuration that the workflow can't be made from, with the exception that Python would raise. */
export class ConfigError extends Error {
  /** The exception's class, with its module. */
  readonly type: string;
  /** Where `main` was: loading the text, or making the workflow from it. */
  readonly step: 'load' | 'create';

  constructor(type: string, message: string, step: 'load' | 'create' = 'create') {
    super(message);
    this.name = 'ConfigError';
    this.type = type;
    this.step = step;
  }
}

const member = (value: unknown, ...path: readonly string[]): unknown => {
  let found = value;
  for (const key of path) {
    if (!isStructure(found)) return undefined;
    found = found[key];
  }
  return found;
};

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The server's own spelling of a connection type, where the capital isn't the first letter alone. */
const SPELLINGS: Readonly<Record<string, string>> = {
  athena: 'Athena',
  bigquery: 'BigQuery',
  dbt: 'dbt',
  dynamodb: 'DynamoDB',
  mariadb: 'MariaDB',
  mongodb: 'MongoDB',
  mssql: 'Mssql',
  powerbi: 'PowerBI',
  quicksight: 'QuickSight',
  unitycatalog: 'UnityCatalog',
};

/** JSON is YAML too, and read a hundred times faster as what it is. */
function parsed(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return parse(source, { logLevel: 'error' });
  }
}

/** Reads the YAML or JSON text of a container's `config`. Throws `ConfigError` as Python's own parser would. */
export function readConfig(source: string): WorkflowConfig {
  let value: unknown;
  try {
    value = parsed(source);
  } catch (error) {
    throw new ConfigError('yaml.scanner.ScannerError', error instanceof Error ? error.message : String(error), 'load');
  }
  if (!isStructure(value)) throw new ConfigError('AttributeError', "'str' object has no attribute 'get'", 'load');
  const sourceType = text(member(value, 'source', 'type'));
  if (sourceType === undefined || member(value, 'workflowConfig') === undefined) {
    const missing = sourceType === undefined ? 'source' : 'workflowConfig';
    throw new ConfigError(
      'metadata.ingestion.api.parser.ParsingConfigurationError',
      `We encountered an error parsing the configuration of your workflow.\nYou might need to review your config based on the original cause of this error:\n\t - Missing parameter in '${missing}'`,
    );
  }
  const connection = member(value, 'source', 'serviceConnection', 'config');
  const plain = sourceType.replace(/-(usage|lineage)$/, '');
  const threshold = member(value, 'workflowConfig', 'successThreshold');
  return {
    sourceType,
    connectionType:
      text(member(connection, 'type')) ?? SPELLINGS[plain] ?? plain.charAt(0).toUpperCase() + plain.slice(1),
    serviceName: text(member(value, 'source', 'serviceName')) ?? plain,
    hostPort:
      text(member(connection, 'hostPort')) ??
      text(member(connection, 'bootstrapServers')) ??
      text(member(connection, 'connection', 'hostPort')) ??
      text(member(connection, 'account')),
    loggerLevel: text(member(value, 'workflowConfig', 'loggerLevel')) ?? 'INFO',
    successThreshold: typeof threshold === 'number' ? threshold : 90,
    serverHostPort: text(member(value, 'workflowConfig', 'openMetadataServerConfig', 'hostPort')),
    enableVersionValidation:
      member(value, 'workflowConfig', 'openMetadataServerConfig', 'enableVersionValidation') !== false,
    pipelineFqn: text(member(value, 'ingestionPipelineFQN')),
    pipelineRunId: text(member(value, 'pipelineRunId')),
  };
}
