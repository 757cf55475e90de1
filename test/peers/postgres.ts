import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { runProgram, startService, until } from './service.ts';

/** A PostgreSQL server of a test's own, on 127.0.0.1. */
export interface Postgres {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Runs SQL as `user` in `database`; rows as psql prints them, unaligned. */
  sql(text: string): string;
  stop(): Promise<void>;
}

const ROOT = '/usr/lib/postgresql';

/** Starts Debian's PostgreSQL (its package `postgresql`) with one database; passwords by SCRAM, nothing kept. */
export async function startPostgres(options: {
  readonly user: string;
  readonly password: string;
  readonly database: string;
}): Promise<Postgres> {
  const { user, password, database } = options;
  const binaries = join(ROOT, newestVersion(), 'bin');
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  const data = join(folder, 'data');
  const port = await freePort();
  const secret = join(folder, 'password');
  writeFileSync(secret, password);
  const owner = postgresUser();
  if (owner !== undefined) for (const path of [folder, secret]) chownSync(path, owner, owner);
  // It refuses to run as root.
  const as = owner === undefined ? [] : ['--reuid=postgres', '--regid=postgres', '--init-groups'];
  const env = { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', PGPASSWORD: password };
  const initdb = ['-D', data, '-U', user, `--pwfile=${secret}`, '-A', 'scram-sha-256', '-E', 'UTF8', '--no-sync'];
  runProgram(['setpriv', ...as, '--', join(binaries, 'initdb'), ...initdb], env, '/');
  rmSync(secret);
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
  };
  const words = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = join(folder, 'log');
  // SIGINT is its fast shutdown: it does not wait for its clients.
  const server = startService([join(binaries, 'postgres'), '-D', data, ...words], { env, log, as, signal: 'SIGINT' });
  const psql = (where: string, text: string) => {
    const place = ['-h', '127.0.0.1', '-p', String(port), '-U', user, '-d', where];
    return runProgram([join(binaries, 'psql'), ...place, '-X', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-c', text], env);
  };
  const stop = async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const ready = () => {
      try {
        return psql('postgres', 'select 1');
      } catch {
        return undefined;
      }
    };
    await until('PostgreSQL', ready, { services: [server] });
    psql('postgres', `create database "${database}"`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...options, port, sql: (text) => psql(database, text), stop };
}

function newestVersion(): string {
  const versions = existsSync(ROOT) ? readdirSync(ROOT).filter((name) => /^\d+$/.test(name)) : [];
  const newest = versions.sort((one, other) => Number(one) - Number(other)).at(-1);
  if (newest === undefined) throw new Error(`There is no PostgreSQL in ${ROOT}: apt-get install postgresql`);
  return newest;
}

/** The id of user postgres where this process is root; undefined where it is somebody else. */
function postgresUser(): number | undefined {
  return process.getuid?.() === 0 ? Number(runProgram(['id', '-u', 'postgres'], process.env)) : undefined;
}
