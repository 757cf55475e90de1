import { parseArn } from '../aws/arn.ts';
import type { Environment } from '../fleet/environments.ts';
import { AIRFLOW_REST_SINCE, airflowRestConnection } from '../ingestion/airflow-connection.ts';
import { invokeRestApiStatement, type Statement } from '../ingestion/policies.ts';

/** The way that replaces the database: OpenMetadata reads the environment through InvokeRestApi. */
export interface RestRoute {
  readonly supported: boolean;
  /** The connection for OpenMetadata, `serviceConnection.config`. */
  readonly yaml: string;
  /** What the role that the ingestion acts as needs. */
  readonly statement: Statement;
  readonly advice: string;
}

/** The first Airflow that InvokeRestApi serves (MWAA user guide, "Using the Apache Airflow REST API"). */
const SINCE = [2, 4, 3] as const;

/** The REST route to an environment's Airflow. */
export function restRoute(environment: Environment, region: string): RestRoute {
  const { name, airflowVersion, webserverUrl, webserverAccessMode } = environment;
  const supported = atLeast(airflowVersion, SINCE);
  const place = webserverAccessMode === 'PRIVATE_ONLY' ? ' Its web server is private: call from inside the VPC.' : '';
  return {
    supported,
    yaml: airflowRestConnection({
      environment: name,
      region,
      ...(webserverUrl === undefined ? {} : { webserverUrl }),
    }),
    statement: invokeRestApiStatement({ region, account: accountOf(environment), environment: name }),
    advice: supported
      ? `OpenMetadata ${AIRFLOW_REST_SINCE} and later reads this environment through InvokeRestApi. DAGs and tasks: yes. ` +
        `Run and task statuses: not proven, may be missing where ids are long (64 characters of path).${place}`
      : `InvokeRestApi serves Airflow 2.4.3 and later; this environment runs ${airflowVersion}.`,
  };
}

function accountOf({ arn }: Environment): string {
  return parseArn(arn)?.account ?? '';
}

function atLeast(version: string, [major, minor, patch]: readonly [number, number, number]): boolean {
  const [a = 0, b = 0, c = 0] = version.split('.').map(Number);
  return a !== major ? a > major : b !== minor ? b > minor : c >= patch;
}
