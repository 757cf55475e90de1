import { createHash } from 'node:crypto';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Region } from '../region.ts';
import { selfSigned } from './certificate.ts';
import { ServerConnection } from './connection.ts';
import { scramVerifier } from './scram.ts';

/** An environment's metadata database as its own Airflow knows it. */
export interface MetadataDatabase {
  /** The name of its VPC endpoint; certificates are made for it. */
  readonly host: string;
  /** Where it really is: a port on 127.0.0.1. */
  readonly port: number;
  readonly name: string;
  readonly user: string;
  readonly password: string;
}

const NAME = 'AirflowMetadata';
const USER = 'adminuser';
/** Alembic revisions that Airflow's migrations end with (airflow/migrations/versions). */
const REVISIONS: readonly (readonly [version: RegExp, revision: string])[] = [
  [/^2\.7\./, '405de8318b3a'],
  [/^2\.8\./, '88344c1d9134'],
  [/^2\.9\./, '686269002441'],
  [/^2\.10\.[0-2]$/, '22ed7efa9da2'],
  [/./, '5f2621c13b39'],
];

/**
 * The metadata databases: one endpoint on loopback for each environment that is asked for, opened then. It speaks
 * PostgreSQL's protocol as far as a probe needs it: TLS with a key made at start, SCRAM login, a few queries.
 */
export class PostgresService {
  readonly #region: Region;
  readonly #open = new Map<string, Promise<MetadataDatabase>>();

  constructor(region: Region) {
    this.#region = region;
  }

  /** The environment's database, its endpoint listening. */
  database(environment: string): Promise<MetadataDatabase> {
    const found = this.#open.get(environment) ?? this.#listen(environment);
    this.#open.set(environment, found);
    return found;
  }

  /** The environment whose database endpoint has that DNS name; undefined when none has. */
  environmentOf(host: string): string | undefined {
    const { ec2, mwaa } = this.#region;
    const endpoint = [...ec2.endpoints.values()].find((each) =>
      each.dnsEntrySet.some(({ dnsName }) => dnsName === host),
    );
    if (endpoint === undefined) return undefined;
    const found = mwaa.environments().find(({ databaseService }) => databaseService === endpoint.serviceName);
    return found?.name;
  }

  #hostOf(environment: string): string {
    const { ec2, mwaa } = this.#region;
    const service = mwaa.environment(environment)?.databaseService;
    const endpoint = [...ec2.endpoints.values()].find((each) => each.serviceName === service);
    return endpoint?.dnsEntrySet[0]?.dnsName ?? 'localhost';
  }

  /** Invented for this region; not from its random numbers, whose order it would disturb. */
  #passwordOf(environment: string): string {
    const digest = createHash('sha256')
      .update(`${this.#region.options.seed ?? 1} ${environment} metadata`)
      .digest('base64url');
    return `${digest.slice(0, 9)}:${digest.slice(9, 17)}#${digest.slice(17, 24)}`;
  }

  #listen(environment: string): Promise<MetadataDatabase> {
    const host = this.#hostOf(environment);
    const password = this.#passwordOf(environment);
    const version = this.#region.mwaa.environment(environment)?.settings.airflowVersion ?? '';
    const revision = REVISIONS.find(([pattern]) => pattern.test(version))?.[1] ?? '';
    const database = { name: NAME, user: USER, verifier: scramVerifier(password), revision };
    const certificate = selfSigned(host);
    const server = accepting((socket) => new ServerConnection(socket, database, certificate));
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => {
        const { port } = server.address() as AddressInfo;
        this.#region.onClose(() => server.close());
        resolve({ host, port, name: NAME, user: USER, password });
      });
      server.unref();
    });
  }
}

/** A server whose connections end with it. */
function accepting(accept: (socket: Socket) => void): Server {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.unref();
    socket.on('close', () => sockets.delete(socket));
    accept(socket);
  });
  const close = server.close.bind(server);
  server.close = (done) => {
    for (const socket of sockets) socket.destroy();
    return close(done);
  };
  return server;
}
