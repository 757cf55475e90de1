import type { OneOffWork } from '../../deployment/one-off/one-off.ts';
import { Failure } from '../../text/failure.ts';
import type { Connection } from '../connection.ts';
import { hidesDatabase } from '../discovery/discover.ts';
import type { DiscoveredConnection } from '../discovery/parse.ts';
import { findPathLimits, type PathLimits } from '../path-limits.ts';
import { checkRestRoute, predictRestRoute, type RestCheck, type RolePrediction } from '../rest-check.ts';
import { probeFromHere } from './here.ts';
import { type Probes, probes } from './probes.ts';
import type { DatabaseAddress } from './socket.ts';
import { findProbePlace, probeFromVpc, probePlan, type VpcProbe } from './vpc.ts';

/** What probing a connection came to. */
export interface Probed {
  /** Null where there is no database to be reached. */
  readonly probe: Probes | null;
  /** Which of the discovery's candidates opened the database. */
  readonly candidate: number | undefined;
  readonly restChecks: RestChecks;
}

/** InvokeRestApi's answers: to whoever is signed in, and to the role of an ingestion's task. */
export interface RestChecks {
  readonly here: RestCheck | null;
  readonly task: RestCheck | null;
  /** Of the environment's execution role, which ingestion inside Airflow acts as; null where a task was asked. */
  readonly role: RolePrediction | null;
  /** What of OpenMetadata's calls is too long; null where Airflow could not be asked. */
  readonly limits: PathLimits | null;
}

/**
 * Tries the database and the REST route: from here first; where here is no way to the database, or the REST route is to
 * be shown to the role that ingestion will use, by a short ECS task (a write). Of Airflow 3 no database is tried.
 */
export async function probeConnection(
  work: OneOffWork,
  connection: Connection,
  found: DiscoveredConnection | undefined,
): Promise<Probed> {
  const { session, environment, signal } = work;
  const rest = connection.restRoute.supported ? await checkRestRoute(session, environment.name, signal) : null;
  const limits = rest?.ok === true ? await findPathLimits(session, environment, signal) : null;
  const checks = async (inside: VpcProbe | undefined): Promise<RestChecks> => {
    const task = inside?.rest ?? null;
    const { executionRoleArn: role } = environment;
    const { supported, statement } = connection.restRoute;
    const predicted = task === null && supported && role !== undefined;
    return {
      here: rest,
      task,
      role: predicted ? await predictRestRoute(session, role, statement, signal) : null,
      limits,
    };
  };
  const database = hidesDatabase(environment) ? undefined : addressOf(connection, found);
  if (database === undefined) {
    const inside = await fromVpc(work, { host: '', port: 0, sslMode: 'require' }, undefined);
    return { probe: null, candidate: undefined, restChecks: await checks(inside) };
  }
  const { result: here, candidate } = await probeFromHere(database, found, signal);
  const inside = await fromVpc(work, database, found);
  const plan = inside === undefined ? probePlan(environment, database) : [];
  return {
    probe: probes(here, inside?.result ?? null, here.ok ? [] : plan),
    candidate: candidate ?? inside?.candidate,
    restChecks: await checks(inside),
  };
}

/** Where Airflow itself connects to, once that is found; else the endpoint, where one is seen. */
function addressOf(
  { host, port, sslMode }: Connection,
  found: DiscoveredConnection | undefined,
): DatabaseAddress | undefined {
  return found ?? (host === null ? undefined : { host, port, sslMode });
}

/** By a task in the VPC; undefined where there is nothing to run it with, or it may not be run, which is told. */
async function fromVpc(
  work: OneOffWork,
  { host, port, sslMode, hostAddress }: DatabaseAddress,
  login: DiscoveredConnection | undefined,
): Promise<VpcProbe | undefined> {
  const { session, environment, signal, tell } = work;
  if (session.guard.readOnly) {
    tell('read-only: no task is run in the VPC');
    return undefined;
  }
  try {
    const place = await findProbePlace(session, environment, signal);
    if (place === undefined) return undefined;
    const told = { host, port, sslMode, hostAddress, environment: environment.name, region: session.region };
    return await probeFromVpc(work, place, told, login);
  } catch (error) {
    if (!(error instanceof Failure) || signal.aborted) throw error;
    tell(`no probe from inside the VPC: ${error.message}`);
    return undefined;
  }
}
