import { once } from 'node:events';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { answerRest } from '../../airflow/rest/rest.ts';
import { RoleSession } from '../../airflow/role-session.ts';
import { airflowRole } from '../../mwaa/rest-api.ts';
import { AwsError } from '../../service.ts';
import { type Program, type ProgramOptions, put } from './program.ts';

/** What the probe is told by its argument. */
interface Told {
  readonly host: string;
  readonly sslMode: string;
  readonly port: number;
  readonly hostAddress?: string;
  readonly environment?: string;
}

/** The login that its secret holds. */
interface Login {
  readonly user: string;
  readonly password: string;
  readonly dbname: string;
}

/** PostgreSQL's SSLRequest. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
/** How long Python takes to start, and how long it waits for a connection, ms of the region's time. */
const [START, PATIENCE] = [1_200, 5_000];
const MARK = 'mwaa-console-probe';

/** The argument of a command that is the console's probe of a metadata database; undefined for any other. */
export function probeArgument(command: readonly string[]): string | undefined {
  const [executable = '', option, script = '', argument] = command;
  return /^(?:\S*\/)?python[\d.]*$/.test(executable) && option === '-c' && script.includes(MARK) ? argument : undefined;
}

/**
 * What the probe's Python does in its image: asks the environment's Airflow as the task's role, finds the database by
 * the VPC's own DNS, connects where the endpoint's security group admits the task's, agrees on TLS and logs in. It really
 * connects, to the endpoint that this region has on loopback.
 */
export function databaseProbeProgram(options: ProgramOptions, argument: string): Program {
  const { region, exited } = options;
  let over = false;
  const end = (code: number): void => {
    if (over) return;
    over = true;
    exited(code);
  };
  const say = (stage: string, state: 'ok' | 'failed', detail: string, code = ''): void => {
    const line = `${MARK} ${JSON.stringify({ stage, state, detail, code })}`;
    if (!over) put(options, [{ timestamp: region.clock.now(), message: line }]);
  };
  const cancel = region.clock.after(START, () => {
    const told = JSON.parse(argument) as Told;
    if (told.environment !== undefined) askAirflow(options, told.environment, say);
    probe(options, told, say).then(
      () => {
        say('end', 'ok', '');
        end(0);
      },
      () => end(1),
    );
  });
  const stop = (code: number) => () => {
    cancel();
    end(code);
  };
  return { terminate: stop(143), kill: stop(137) };
}

type Say = (stage: string, state: 'ok' | 'failed', detail: string, code?: string) => void;

function askAirflow({ region, task }: ProgramOptions, name: string, say: Say): void {
  const role = task.taskRoleArn?.split('/').at(-1) ?? '';
  const { airflow } = region.mwaa.environment(name) ?? {};
  try {
    if (airflow === undefined) throw new AwsError('ResourceNotFoundException', `Environment ${name} was not found`);
    const allowed = airflowRole(
      new RoleSession(region, role, task.id).call('airflow', 'InvokeRestApi'),
      'airflow:InvokeRestApi',
      name,
    );
    const query = new Map([['limit', ['1']]]);
    const { body } = answerRest(airflow, allowed, { method: 'GET', path: '/dags', query, body: undefined });
    const total = (body as { total_entries?: number }).total_entries;
    say('rest', 'ok', `${total} ${total === 1 ? 'DAG' : 'DAGs'}`);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const text = `An error occurred (${error.code}) when calling the InvokeRestApi operation: ${error.message}`;
    say('rest', 'failed', text, error.code === 'AccessDeniedException' ? error.code : 'ClientError');
  }
}

async function probe(options: ProgramOptions, told: Told, say: Say): Promise<void> {
  const { region, environment } = options;
  if (told.host === '') return;
  const owner = region.postgres.environmentOf(told.host);
  const address = told.hostAddress ?? (isIP(told.host) === 0 ? undefined : told.host);
  if (owner === undefined && address === undefined) {
    say('name', 'failed', '[Errno -2] Name or service not known', 'gaierror');
    return;
  }
  say('name', 'ok', `${told.host} is ${address ?? addressOf(options, told.host)}`);
  if (owner !== undefined && !admitted(options, told.host)) {
    await new Promise<void>((resolve) => region.clock.after(PATIENCE, resolve));
    say('tcp', 'failed', `${addressOf(options, told.host)} port ${told.port} does not answer within 5 s.`, 'ETIMEDOUT');
    return;
  }
  const database = owner === undefined ? undefined : await region.postgres.database(owner);
  const port = address === undefined ? (database?.port ?? told.port) : told.port;
  const host = address ?? '127.0.0.1';
  const socket = connectTcp({ host, port });
  socket.unref();
  try {
    await once(socket, 'connect');
    say('tcp', 'ok', `connected to ${address ?? addressOf(options, told.host)} port ${told.port}`);
    const protocol = await agree(socket, told.host);
    const goes = protocol !== undefined || /^(?:disable|allow|prefer)$/.test(told.sslMode);
    const without = `the server has no TLS, sslmode is ${told.sslMode}`;
    say('tls', goes ? 'ok' : 'failed', protocol === undefined ? without : `${protocol}, not verified`, 'NOTLS');
    if (!goes) return;
    const logins = JSON.parse(environment.METADATA_DATABASE ?? '[]') as Login[];
    for (const [index, login] of logins.entries()) {
      const encrypted = protocol !== undefined;
      if (await logIn({ host, port, encrypted }, login, { index, last: index + 1 === logins.length }, say)) break;
    }
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    say('tcp', 'failed', message, code);
  } finally {
    socket.destroy();
  }
}

/** Agrees on TLS and hangs up: its protocol, undefined where the server has none. */
async function agree(socket: Socket, host: string): Promise<string | undefined> {
  socket.write(SSL_REQUEST);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  if (answer[0] !== 0x53) return undefined;
  const secure = connectTls({ socket, ...(isIP(host) === 0 && { servername: host }), rejectUnauthorized: false });
  await once(secure, 'secureConnect');
  const protocol = secure.getProtocol() ?? 'TLS';
  secure.destroy();
  return protocol;
}

/** Whether nothing more is to be tried: the login worked, was the last, or something else than it is wrong. */
async function logIn(
  { host, port, encrypted }: { readonly host: string; readonly port: number; readonly encrypted: boolean },
  { user, password, dbname }: Login,
  { index, last }: { readonly index: number; readonly last: boolean },
  say: Say,
): Promise<boolean> {
  const { Client } = (await import('pg')).default;
  const client = new Client({
    host,
    port,
    ssl: encrypted && { rejectUnauthorized: false },
    user,
    password,
    database: dbname,
    options: '-c default_transaction_read_only=on',
  });
  client.on('error', () => {});
  let stage = 'login';
  try {
    await client.connect();
    say('handshake', 'ok', 'PostgreSQL 150008');
    say('login', 'ok', `${user} is in`, String(index));
    stage = 'schema';
    const { rows } = await client.query<{ version_num: string }>('select version_num from alembic_version');
    say('schema', 'ok', rows[0]?.version_num ?? '');
    return true;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === '28P01' && !last) return false;
    say(stage, 'failed', `PostgreSQL: ${message}.`, code);
    return true;
  } finally {
    await client.end().catch(() => {});
  }
}

function endpointOf({ region }: ProgramOptions, host: string) {
  return [...region.ec2.endpoints.values()].find((each) => each.dnsEntrySet.some(({ dnsName }) => dnsName === host));
}

/** The private address that the VPC's DNS gives for an endpoint. */
function addressOf(options: ProgramOptions, host: string): string {
  const [id] = endpointOf(options, host)?.networkInterfaceIdSet ?? [];
  return options.region.ec2.interfaces.get(id ?? '')?.privateIpAddress ?? '10.20.16.10';
}

/** Whether the endpoint's security groups let the task's reach the database's port. */
function admitted(options: ProgramOptions, host: string): boolean {
  const { region, task } = options;
  const groups = endpointOf(options, host)?.groupSet ?? [];
  const own = task.network?.securityGroups ?? [];
  return groups.some(({ groupId }) =>
    region.ec2.securityGroups
      .get(groupId)
      ?.ipPermissions.some(
        ({ ipProtocol, fromPort = 0, toPort = 65_535, groups: from, ipRanges }) =>
          (ipProtocol === '-1' || (ipProtocol === 'tcp' && fromPort <= 5432 && toPort >= 5432)) &&
          (from.some((pair) => own.includes(pair.groupId)) || ipRanges.length > 0),
      ),
  );
}
