import type { OneOffWork } from '../../deployment/one-off/one-off.ts';
import { readTaskDefinition } from '../../fleet/task-definitions.ts';
import { Failure } from '../../text/failure.ts';
import type { Connection } from '../connection.ts';
import { hidesDatabase } from '../discovery/discover.ts';
import type { DiscoveredConnection } from '../discovery/parse.ts';
import { findPathLimits, type PathLimits } from '../path-limits.ts';
import { checkRestRoute, predictRestRoute, type RestCheck, type RolePrediction } from '../rest-check.ts';
import { probeFromHere } from './here.ts';
import { type Probes, probes } from './probes.ts';
import type { DatabaseAddress } from './socket.ts';
import { findProbePlace, type ProbePlace, probeFromVpc, probePlan, type VpcProbe } from './vpc.ts';

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
  /** What IAM predicts of the role of an ingestion; null where a task was asked. */
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
  const database = hidesDatabase(environment) ? undefined : addressOf(connection, found);
  const here = database === undefined ? undefined : await probeFromHere(database, found, signal);
  const inside = await fromVpc(work, database ?? NOWHERE, found);
  const { probe: vpc, why } = inside;
  const task = vpc?.rest ?? null;
  const role = task === null && connection.restRoute.supported ? await roleOf(work, connection, inside.place) : null;
  const restChecks = { here: rest, task, role, limits };
  if (database === undefined || here === undefined) return { probe: null, candidate: undefined, restChecks };
  const plan = here.result.ok || vpc !== undefined ? [] : probePlan(environment, database, why);
  return {
    probe: probes(here.result, vpc?.result ?? null, plan),
    candidate: here.candidate ?? vpc?.candidate,
    restChecks,
  };
}

/** For a task that asks Airflow alone. */
const NOWHERE: DatabaseAddress = { host: '', port: 0, sslMode: 'require' };

/** Where Airflow itself connects to, once that is found; else the endpoint, where one is seen. */
function addressOf(
  { host, port, sslMode }: Connection,
  found: DiscoveredConnection | undefined,
): DatabaseAddress | undefined {
  return found ?? (host === null ? undefined : { host, port, sslMode });
}

/** What a task in the VPC found, what it runs with, and why it could not be run. */
interface Inside {
  readonly probe?: VpcProbe;
  readonly place?: ProbePlace | undefined;
  readonly why?: string;
}

/** By a task in the VPC; no `probe` where there is nothing to run it with, or it may not be run, which is told. */
async function fromVpc(
  work: OneOffWork,
  { host, port, sslMode, hostAddress }: DatabaseAddress,
  login: DiscoveredConnection | undefined,
): Promise<Inside> {
  const { session, environment, signal, tell } = work;
  let place: ProbePlace | undefined;
  try {
    place = await findProbePlace(session, environment, signal);
    if (place === undefined) return {};
    if (session.guard.readOnly) throw new Failure('refused', 'This session is read-only: it runs no task in the VPC.');
    const told = { host, port, sslMode, hostAddress, environment: environment.name, region: session.region };
    return { place, probe: await probeFromVpc(work, place, told, login) };
  } catch (error) {
    if (!(error instanceof Failure) || signal.aborted) throw error;
    tell(`no probe from inside the VPC: ${error.message}`);
    return { place, why: error.message };
  }
}

/** What IAM predicts of the role that ingestion acts as: that of the ECS ingestion's tasks, else the environment's own. */
async function roleOf(
  { session, environment, signal }: OneOffWork,
  { restRoute }: Connection,
  place: ProbePlace | undefined,
): Promise<RolePrediction | null> {
  const definition =
    place &&
    (await readTaskDefinition(session, place.taskDefinition, signal).catch((error: unknown) => {
      if (!(error instanceof Failure) || signal.aborted) throw error;
      return undefined;
    }));
  const role = place === undefined ? environment.executionRoleArn : definition?.taskRoleArn;
  if (role === undefined) return null;
  const of = place === undefined ? 'ingestion inside Airflow' : `the tasks of ${place.dagId}`;
  return predictRestRoute(session, { role, of }, restRoute.statement, signal);
}
