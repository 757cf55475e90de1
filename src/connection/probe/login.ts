import type { Socket } from 'node:net';
import type { Candidate } from '../discovery/parse.ts';
import { BROKEN_OFF, refusalMeaning } from './meanings.ts';
import { within } from './socket.ts';
import { isSqlState, StageFailure, type StageResult } from './stages.ts';

/**
 * Logs in over a connected socket and reads the Airflow schema's revision, read-only and in one statement. `done` hears
 * of each stage. Throws StageFailure.
 */
export async function logIn(
  socket: Socket,
  database: string,
  { user, password }: Candidate,
  timeout: number,
  signal: AbortSignal,
  done: (result: StageResult) => void,
): Promise<string> {
  const { Client } = (await import('pg')).default;
  // pg connects the stream that it is given; this one is connected already.
  const stream = Object.assign(socket, {
    connect: () => {
      process.nextTick(() => socket.emit('connect'));
      return socket;
    },
  });
  const client = new Client({
    stream: () => stream,
    host: 'localhost',
    port: 5432,
    ssl: false,
    user,
    password,
    database,
    options: '-c default_transaction_read_only=on',
    application_name: 'mwaa-console probe',
    fallback_application_name: '',
    statement_timeout: timeout,
  });
  client.on('error', () => {});
  let greeted = false;
  const greet = (how: string) => () => {
    greeted = true;
    done({ stage: 'handshake', state: 'ok', detail: `PostgreSQL asks to log in (${how})` });
  };
  const { connection } = client as unknown as { connection: NodeJS.EventEmitter };
  connection.once('authenticationSASL', greet('SCRAM'));
  connection.once('authenticationMD5Password', greet('MD5'));
  connection.once('authenticationCleartextPassword', greet('password in clear'));
  try {
    await within(client.connect(), timeout, signal);
    if (!greeted) greet('no password')();
    done({ stage: 'login', state: 'ok', detail: `${user} is in` });
    return await revision(client, timeout, signal, done);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof StageFailure) throw error;
    const { code } = error as { code?: string };
    const sqlState = isSqlState(code) ? code : undefined;
    throw new StageFailure(
      greeted ? 'login' : 'handshake',
      sentence(error),
      sqlState === undefined ? BROKEN_OFF : refusalMeaning(sqlState),
      sqlState,
    );
  } finally {
    await within(client.end(), timeout, AbortSignal.any([])).catch(() => {});
    socket.destroy();
  }
}

async function revision(
  client: { query(text: string): Promise<{ rows: { version_num?: unknown }[] }> },
  timeout: number,
  signal: AbortSignal,
  done: (result: StageResult) => void,
): Promise<string> {
  try {
    const { rows } = await within(client.query('select version_num from alembic_version'), timeout, signal);
    const found = rows[0]?.version_num;
    if (typeof found !== 'string') {
      throw new StageFailure('schema', 'alembic_version is empty.', 'Airflow has not made its tables yet.');
    }
    done({ stage: 'schema', state: 'ok', detail: `Airflow schema revision ${found}` });
    return found;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof StageFailure) throw error;
    const { code } = error as { code?: string };
    const meaning = isSqlState(code) ? refusalMeaning(code) : BROKEN_OFF;
    throw new StageFailure('schema', sentence(error), meaning, code);
  }
}

function sentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return `PostgreSQL: ${text.replace(/\.+$/, '')}.`;
}
