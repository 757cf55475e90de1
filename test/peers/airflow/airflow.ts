/**
 * A real Airflow in the part of an MWAA environment's: scheduler and web server (and DAG processor from 3.0 on) with
 * the LocalExecutor on a real PostgreSQL, without authentication, its task logs in CloudWatch at a region's endpoint.
 *
 *     const airflow = await startAirflow({ version: '2.10.3', endpoint: url, keys, database });
 *     writeFileSync(join(airflow.dags, 'mine.py'), source);
 *     await until('the DAG', async () => (await airflow.rest('GET', '/dags/mine')).ok || undefined, airflow);
 *     await airflow.stop();
 *
 * It takes about 20 s (2.x) or 35 s (3.x) to be healthy. With an environment of the embedded region in front of it,
 * and that environment's bucket copied into its DAG folder: environment.ts.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Postgres } from '../postgres.ts';
import { runProgram, type Service, startService, until } from '../service.ts';

const peers = fileURLToPath(new URL('../../../.peers', import.meta.url));

/** Keys that Airflow calls AWS with. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface AirflowOptions {
  readonly version: '2.7.2' | '2.10.3' | '3.2.1';
  /** The region's endpoint. */
  readonly endpoint: string;
  readonly keys: Keys;
  readonly port: number;
  readonly database: Postgres;
  /** ARN of the log group for task logs; they stay on disk when it is absent. */
  readonly taskLogGroup?: string;
  /** Further environment variables, such as AIRFLOW__CORE__…. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Airflow's answer to a request; `body`, undefined where there is none, as far as its reader looks at it. */
export interface RestAnswer<Body> {
  readonly status: number;
  readonly ok: boolean;
  readonly body: Body | undefined;
}

type Health = Readonly<Record<string, { readonly status?: string } | undefined>>;

/** A running Airflow. */
export interface RunningAirflow {
  readonly url: string;
  /** Its DAG folder. */
  readonly dags: string;
  /** The folder of its logs, of the services and, without a log group, of the tasks. */
  readonly logs: string;
  readonly services: readonly Service[];
  /** Calls its REST API, v1 or v2: `path` begins behind that. */
  rest<Body = unknown>(method: string, path: string, body?: unknown): Promise<RestAnswer<Body>>;
  stop(): Promise<void>;
}

/** Starts an Airflow and waits until it is healthy. */
export async function startAirflow(options: AirflowOptions): Promise<RunningAirflow> {
  const { version, port } = options;
  const third = version.startsWith('3.');
  const home = mkdtempSync(join(tmpdir(), `airflow-${version}-`));
  const [dags, logs] = [join(home, 'dags'), join(home, 'logs')];
  for (const folder of [dags, logs]) mkdirSync(folder);
  // Without a user to sign in as, everybody is one.
  writeFileSync(join(home, 'webserver_config.py'), "AUTH_ROLE_PUBLIC = 'Admin'\nWTF_CSRF_ENABLED = False\n");
  const env = { ...environment(home, options), ...(third ? thirdOnly(port) : secondOnly(port)), ...options.env };
  const airflow = `${peers}/airflow-${version}/bin/airflow`;
  const services: Service[] = [];
  const stop = async () => {
    await Promise.all(services.map((service) => service.stop()));
    rmSync(home, { recursive: true, force: true });
  };
  const start = (...words: string[]) => {
    services.push(startService([airflow, ...words], { env, log: join(logs, `${words[0]}.log`) }));
  };
  const url = `http://127.0.0.1:${port}`;
  const rest = async <Body>(method: string, path: string, body?: unknown): Promise<RestAnswer<Body>> => {
    const answer = await fetch(`${url}/api/${third ? 'v2' : 'v1'}${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await answer.text();
    const json = answer.headers.get('content-type')?.includes('json') ?? false;
    return { status: answer.status, ok: answer.ok, body: text === '' ? undefined : json ? JSON.parse(text) : text };
  };
  const health = async () => {
    const path = third ? '/monitor/health' : '/health';
    const { body } = await rest<Health>('GET', path).catch(() => ({ body: undefined }));
    const parts = ['metadatabase', 'scheduler', ...(third ? ['dag_processor'] : [])];
    return parts.every((part) => body?.[part]?.status === 'healthy') || undefined;
  };
  try {
    runProgram([airflow, 'db', 'migrate'], env);
    if (third) start('dag-processor');
    start('scheduler', '--skip-serve-logs');
    start(third ? 'api-server' : 'webserver');
    await until(`Airflow ${version}`, health, { services });
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, dags, logs, services, rest, stop };
}

/** What every Airflow gets: quick to see a file, slow at nothing, talking to nobody but the region. */
function environment(home: string, { database, keys, endpoint, taskLogGroup }: AirflowOptions): NodeJS.ProcessEnv {
  const { user, password, port, database: name } = database;
  const login = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  return {
    PATH: process.env.PATH,
    HOME: home,
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    NO_PROXY: '*',
    AIRFLOW_HOME: home,
    AIRFLOW__CORE__DAGS_FOLDER: join(home, 'dags'),
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    AIRFLOW__CORE__EXECUTOR: 'LocalExecutor',
    AIRFLOW__CORE__PARALLELISM: '2',
    AIRFLOW__CORE__MIN_SERIALIZED_DAG_UPDATE_INTERVAL: '1',
    AIRFLOW__CORE__MIN_SERIALIZED_DAG_FETCH_INTERVAL: '1',
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: `postgresql+psycopg2://${login}@127.0.0.1:${port}/${name}?sslmode=prefer`,
    AIRFLOW__USAGE_DATA_COLLECTION__ENABLED: 'False',
    AIRFLOW__SCHEDULER__SCHEDULER_HEARTBEAT_SEC: '1',
    AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME: '0.3',
    AIRFLOW_CONN_AWS_DEFAULT: 'aws://',
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    ...(keys.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: keys.sessionToken }),
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_DISABLE_HOST_PREFIX_INJECTION: 'true',
    AWS_ENDPOINT_URL: endpoint,
    ...(taskLogGroup === undefined
      ? {}
      : {
          AIRFLOW__LOGGING__REMOTE_LOGGING: 'True',
          AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER: `cloudwatch://${taskLogGroup}`,
          AIRFLOW__LOGGING__REMOTE_LOG_CONN_ID: 'aws_default',
        }),
  };
}

function secondOnly(port: number): NodeJS.ProcessEnv {
  return {
    AIRFLOW__SCHEDULER__DAG_DIR_LIST_INTERVAL: '2',
    AIRFLOW__SCHEDULER__MIN_FILE_PROCESS_INTERVAL: '2',
    AIRFLOW__SCHEDULER__PARSING_PROCESSES: '1',
    AIRFLOW__SCHEDULER__PARSING_CLEANUP_INTERVAL: '5',
    AIRFLOW__WEBSERVER__WORKERS: '1',
    AIRFLOW__WEBSERVER__WEB_SERVER_HOST: '127.0.0.1',
    AIRFLOW__WEBSERVER__WEB_SERVER_PORT: String(port),
    AIRFLOW__API__AUTH_BACKENDS: 'airflow.api.auth.backend.default',
  };
}

function thirdOnly(port: number): NodeJS.ProcessEnv {
  const secret = 'a-secret-of-this-test-alone-that-all-of-its-programs-have-to-share';
  return {
    AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `http://127.0.0.1:${port}/execution/`,
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS: 'True',
    AIRFLOW__API__HOST: '127.0.0.1',
    AIRFLOW__API__PORT: String(port),
    AIRFLOW__API__WORKERS: '1',
    AIRFLOW__API__BASE_URL: `http://127.0.0.1:${port}`,
    AIRFLOW__API__SECRET_KEY: secret,
    AIRFLOW__API_AUTH__JWT_SECRET: secret,
    AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL: '2',
    AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL: '2',
    AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES: '1',
    AIRFLOW__DAG_PROCESSOR__BUNDLE_REFRESH_CHECK_INTERVAL: '1',
  };
}
