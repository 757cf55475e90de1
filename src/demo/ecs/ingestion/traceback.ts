import type { WorkflowConfig } from './config.ts';
import type { StepCount } from './script.ts';

const SITE = '/home/openmetadata/.local/lib/python3.10/site-packages';

/** A frame of a Python traceback: file, line, function, source line. */
type Frame = readonly [file: string, line: number, name: string, source: string];

/** A traceback as Python prints one that nobody caught. */
function traceback(frames: readonly Frame[], exception: string): string {
  return [
    'Traceback (most recent call last):',
    ...frames.flatMap(([file, line, name, source]) => [`  File "${file}", line ${line}, in ${name}`, `    ${source}`]),
    exception,
  ].join('\n');
}

const MAIN: Frame = ['/ingestion/main.py', 124, '<module>', 'main()'];
const frame = (path: string, line: number, name: string, source: string): Frame => [
  `${SITE}/${path}`,
  line,
  name,
  source,
];

/** What Python says when `main` itself refuses the environment. */
export function mainError(exception: string, line: number, source: string): string {
  return traceback([MAIN, ['/ingestion/main.py', line, 'main', source]], exception);
}

/** What Python says when the client of the OpenMetadata server can't be made. */
export function clientError(exception: string): string {
  return traceback(
    [
      MAIN,
      ['/ingestion/main.py', 112, 'main', 'workflow = workflow_class.create(workflow_config)'],
      frame('metadata/workflow/ingestion.py', 120, 'create', 'return cls(config)'),
      frame('metadata/workflow/base.py', 104, '__init__', 'self.metadata = create_ometa_client('),
      frame('metadata/ingestion/ometa/client_utils.py', 52, 'create_ometa_client', 'raise exc'),
    ],
    exception,
  );
}

/** What Python says when the workflow can't be made from its configuration. */
export function createError(exception: string): string {
  return traceback(
    [
      MAIN,
      ['/ingestion/main.py', 112, 'main', 'workflow = workflow_class.create(workflow_config)'],
      frame('metadata/workflow/ingestion.py', 117, 'create', 'config = parse_workflow_config_gracefully(config_dict)'),
    ],
    exception,
  );
}

/** What Python says after a run with too many failures. */
export function executionError(step: StepCount | undefined): string {
  const { name = 'OpenMetadata', records = 0, updated = 0, warnings = 0, errors = 0, filtered = 0 } = step ?? {};
  const counts = `[${records} Records, ${updated} Updated Records, ${warnings} Warnings, ${errors} Errors, ${filtered} Filtered]`;
  return traceback(
    [
      MAIN,
      ['/ingestion/main.py', 114, 'main', 'workflow.raise_from_status()'],
      frame('metadata/workflow/workflow_status_mixin.py', 150, 'raise_from_status', 'raise err'),
      frame(
        'metadata/workflow/workflow_status_mixin.py',
        147,
        'raise_from_status',
        'self.raise_from_status_internal(raise_warnings)',
      ),
      frame('metadata/workflow/base.py', 182, 'raise_from_status_internal', 'raise WorkflowExecutionError('),
    ],
    `metadata.config.common.WorkflowExecutionError: ${name} reported errors: ${name} Summary: ${counts}`,
  );
}

/** The cause of a refused connection in its driver's own words, and the traceback that the process ends with. */
export function connectionRefused(
  config: WorkflowConfig,
  step: string,
): { readonly cause: string; readonly traceback: string } {
  const type = config.connectionType.toLowerCase();
  const [host = 'unreachable', port = '5432'] = (config.hostPort ?? '').replace(/^\w+:\/\//, '').split(':');
  const cause = /kafka|redpanda/.test(type)
    ? 'KafkaError{code=_TRANSPORT,val=-195,str="Failed to get metadata: Local: Broker transport failure"}'
    : /mysql|mariadb/.test(type)
      ? `(pymysql.err.OperationalError) (2003, "Can't connect to MySQL server on '${host}' ([Errno 111] Connection refused)")`
      : /postgres|redshift|greenplum|cockroach/.test(type)
        ? `(psycopg2.OperationalError) connection to server at "${host}" (10.0.41.17), port ${port} failed: Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?`
        : `HTTPSConnectionPool(host='${host}', port=${port}): Max retries exceeded with url: / (Caused by NewConnectionError('<urllib3.connection.HTTPSConnection object at 0x7f41c2a3d0f0>: Failed to establish a new connection: [Errno 111] Connection refused'))`;
  return {
    cause,
    traceback: traceback(
      [
        MAIN,
        ['/ingestion/main.py', 113, 'main', 'workflow.execute()'],
        frame('metadata/workflow/base.py', 231, 'execute', 'raise err'),
        frame('metadata/workflow/base.py', 211, 'execute', 'self.execute_internal()'),
        frame('metadata/workflow/ingestion.py', 144, 'execute_internal', 'self.source.prepare()'),
        frame(
          'metadata/ingestion/source/connections.py',
          96,
          'test_connection_common',
          'raise_test_connection_exception(result)',
        ),
        frame(
          'metadata/ingestion/connections/test_connections.py',
          268,
          'raise_test_connection_exception',
          'raise SourceConnectionException(',
        ),
      ],
      `metadata.ingestion.connections.test_connections.SourceConnectionException: Failed to run the test connection step: ${step}`,
    ),
  };
}
