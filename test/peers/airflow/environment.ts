/**
 * An environment of the embedded region with a real Airflow and a real PostgreSQL behind it: InvokeRestApi goes to that
 * Airflow, what is put below `dags/` in the environment's bucket reaches its DAG folder, its tasks call the region with
 * the keys given, and their logs arrive in the environment's log group.
 *
 *     const environment = await startEnvironment({ name: 'data-prod', speed: 20 });   // Airflow 2.10.3
 *     await product(['deploy', 'data-prod', …, '--endpoint-url', environment.url], { env: … });
 *     await environment.airflow.rest('GET', '/dags');
 *     environment.database.sql('select count(*) from dag');
 *     await environment.stop();                                                       // in afterAll
 *
 * One for each test file: it takes 20 to 40 s to start. `name` decides the version: data-prod 2.10.3, analytics 3.2.1,
 * legacy 2.7.2, as the region has them. The region's time is the wall's times `speed`; Airflow's is the wall's.
 */

import { freePort } from '../free-port.ts';
import type { Postgres } from '../postgres.ts';
import { startPostgres } from '../postgres.ts';
import { startDemo } from '../product.ts';
import { type AirflowOptions, type Keys, type RunningAirflow, startAirflow } from './airflow.ts';
import { followBucket } from './bucket.ts';

const VERSIONS = { 'data-prod': '2.10.3', analytics: '3.2.1', legacy: '2.7.2' } as const;

/** What MWAA's metadata databases are called, and a password with every character that an address trips over. */
const DATABASE = { user: 'adminuser', password: `p@s:s/w%r'd" x%41y`, database: 'AirflowMetadata' };

export interface EnvironmentOptions {
  readonly name: keyof typeof VERSIONS;
  readonly speed: number;
  /** Further words for `mwaa-console demo`, such as `--image IMAGE=COMMAND`. */
  readonly demo?: readonly string[];
  /** Makes the keys that Airflow calls AWS with, once the region is there; those of OnCall, who may everything. */
  readonly keys?: (url: string) => Promise<Keys>;
  readonly env?: AirflowOptions['env'];
}

export interface RunningEnvironment {
  /** The region's endpoint. */
  readonly url: string;
  readonly airflow: RunningAirflow;
  readonly database: Postgres;
  stop(): Promise<void>;
}

/** Starts region, database and Airflow, and joins them. */
export async function startEnvironment(options: EnvironmentOptions): Promise<RunningEnvironment> {
  const { name, speed } = options;
  const started: { stop(): Promise<unknown> }[] = [];
  const stop = async () => {
    for (const each of started.splice(0).reverse()) await each.stop();
  };
  const also = <T extends { stop(): Promise<unknown> }>(service: T): T => {
    started.push(service);
    return service;
  };
  try {
    const port = await freePort();
    const words = ['--airflow', `${name}=http://127.0.0.1:${port}`, ...(options.demo ?? [])];
    const { url, demo } = await startDemo(speed, words);
    also(demo);
    const keys = (await options.keys?.(url)) ?? { accessKeyId: 'AKIADEMOADMIN0000000', secretAccessKey: 'demo' };
    const database = also(await startPostgres(DATABASE));
    const taskLogGroup = `arn:aws:logs:eu-west-1:123456789012:log-group:airflow-${name}-Task`;
    const env = options.env ?? {};
    const about = { version: VERSIONS[name], endpoint: url, keys, port, database, taskLogGroup, env };
    const airflow = also(await startAirflow(about));
    const bucket = `mwaa-${name}-123456789012`;
    also(await followBucket({ endpoint: url, bucket, prefix: 'dags/', folder: airflow.dags }));
    return { url, airflow, database, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
