import type { Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { Certificate } from './certificate.ts';
import { answer, authentication, backendKey, emptyQuery, failure, parameterStatus, ready, text } from './messages.ts';
import { ScramLogin, type ScramVerifier } from './scram.ts';

/** The one database of an endpoint. */
export interface Database {
  readonly name: string;
  readonly user: string;
  readonly verifier: ScramVerifier;
  /** Rows of `alembic_version`. */
  readonly revision: string;
}

const SSL_REQUEST = 80877103;
const CANCEL_REQUEST = 80877102;
const GSS_REQUEST = 80877104;
const PROTOCOL = 3;
const MECHANISM = 'SCRAM-SHA-256';
/** Nobody who is not logged in yet has more to say; bytes. */
const MOST_BYTES = 64 * 1024;

/** Settings that clients look at before their first query. */
const SETTINGS = {
  server_version: '15.8',
  server_encoding: 'UTF8',
  client_encoding: 'UTF8',
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  integer_datetimes: 'on',
  standard_conforming_strings: 'on',
};

type Stage = 'startup' | 'first' | 'final' | 'ready';

/** One client of an endpoint: startup, TLS, login by SCRAM, and the few queries that it knows. */
export class ServerConnection {
  readonly #database: Database;
  readonly #certificate: Certificate;
  #socket: Socket;
  #pending = Buffer.alloc(0);
  #stage: Stage = 'startup';
  #login: ScramLogin | undefined;
  #wanted = { user: '', database: '' };
  #readOnly = false;
  #transaction: 'I' | 'T' | 'E' = 'I';

  constructor(socket: Socket, database: Database, certificate: Certificate) {
    this.#database = database;
    this.#certificate = certificate;
    this.#socket = socket;
    this.#listen(socket);
  }

  #listen(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      this.#pending = Buffer.concat([this.#pending, chunk]);
      if (this.#stage !== 'ready' && this.#pending.length > MOST_BYTES) socket.destroy();
      else this.#read();
    });
  }

  #send(...messages: readonly Buffer[]): void {
    this.#socket.write(Buffer.concat(messages));
  }

  #refuse(code: string, reason: string): void {
    this.#socket.end(failure('FATAL', code, reason));
  }

  #read(): void {
    while (!this.#socket.destroyed && this.#socket.writable) {
      const headless = this.#stage === 'startup';
      const at = headless ? 0 : 1;
      if (this.#pending.length < at + 4) return;
      const length = this.#pending.readInt32BE(at);
      if (length < 4 || (this.#stage !== 'ready' && length > MOST_BYTES)) {
        this.#refuse('08P01', 'invalid length of startup packet');
        return;
      }
      if (this.#pending.length < at + length) return;
      const type = headless ? '' : String.fromCharCode(this.#pending[0] ?? 0);
      const content = this.#pending.subarray(at + 4, at + length);
      this.#pending = this.#pending.subarray(at + length);
      if (headless) this.#startup(content);
      else this.#message(type, content);
    }
  }

  #startup(content: Buffer): void {
    const code = content.length < 4 ? 0 : content.readInt32BE(0);
    if (code === SSL_REQUEST) this.#secure();
    else if (code === GSS_REQUEST) this.#socket.write('N');
    else if (code === CANCEL_REQUEST) this.#socket.end();
    else if (code >> 16 !== PROTOCOL)
      this.#refuse('0A000', `unsupported frontend protocol ${code >> 16}.${code & 0xffff}`);
    else this.#welcome(content.subarray(4));
  }

  #secure(): void {
    const plain = this.#socket;
    plain.removeAllListeners('data');
    plain.write('S');
    const secure = new TLSSocket(plain, { isServer: true, secureContext: createSecureContext(this.#certificate) });
    this.#socket = secure;
    this.#listen(secure);
  }

  #welcome(parameters: Buffer): void {
    const words = parameters.toString('utf8').split('\0');
    const given = new Map<string, string>();
    for (let index = 0; index + 1 < words.length; index += 2) given.set(words[index] ?? '', words[index + 1] ?? '');
    const user = given.get('user') ?? '';
    if (!(this.#socket instanceof TLSSocket)) {
      this.#refuse(
        '28000',
        `no pg_hba.conf entry for host "127.0.0.1", user "${user}", database "${given.get('database') ?? user}", no encryption`,
      );
      return;
    }
    this.#wanted = { user, database: given.get('database') ?? user };
    this.#readOnly = /default_transaction_read_only=(?:on|true|1)\b/.test(given.get('options') ?? '');
    this.#stage = 'first';
    this.#send(authentication(10, Buffer.concat([text(MECHANISM), Buffer.from([0])])));
  }

  #message(type: string, content: Buffer): void {
    if (type === 'X') this.#socket.end();
    else if (this.#stage === 'ready') this.#command(type, content);
    else if (type !== 'p') this.#refuse('08P01', `expected password response, got message type ${type.charCodeAt(0)}`);
    else if (this.#stage === 'first') this.#challenge(content);
    else this.#judge(content);
  }

  #challenge(content: Buffer): void {
    const end = content.indexOf(0);
    const mechanism = content.toString('utf8', 0, end);
    this.#login = new ScramLogin(this.#database.verifier);
    const challenge = this.#login.challenge(content.toString('utf8', end + 5));
    if (mechanism !== MECHANISM || challenge === undefined) {
      this.#refuse('08P01', 'malformed SCRAM message');
      return;
    }
    this.#stage = 'final';
    this.#send(authentication(11, Buffer.from(challenge)));
  }

  #judge(content: Buffer): void {
    const verdict = this.#login?.judge(content.toString('utf8'));
    const { user, database } = this.#wanted;
    if (verdict === undefined) this.#refuse('08P01', 'malformed SCRAM message');
    // An unknown user is asked for a password as anyone else, so that names can't be guessed.
    else if (verdict === 'refused' || user !== this.#database.user) {
      this.#refuse('28P01', `password authentication failed for user "${user}"`);
    } else if (database !== this.#database.name) this.#refuse('3D000', `database "${database}" does not exist`);
    else {
      this.#stage = 'ready';
      const settings = Object.entries(SETTINGS).map(([name, value]) => parameterStatus(name, value));
      this.#send(authentication(12, Buffer.from(verdict)), authentication(0), ...settings);
      this.#send(backendKey(process.pid, 1), ready('I'));
    }
  }

  #command(type: string, content: Buffer): void {
    if (type !== 'Q') {
      this.#send(failure('ERROR', '0A000', 'only the simple query protocol is spoken here'), ready(this.#transaction));
      return;
    }
    const statements = content
      .toString('utf8')
      .replace(/\0$/, '')
      .split(';')
      .map((each) => each.trim());
    const wanted = statements.filter((statement) => statement !== '');
    if (wanted.length === 0) this.#send(emptyQuery());
    for (const statement of wanted) {
      const reply = this.#answer(statement);
      this.#send(reply);
      // A failed statement ends its message, and its transaction.
      if (reply[0] === 0x45) {
        if (this.#transaction === 'T') this.#transaction = 'E';
        break;
      }
    }
    this.#send(ready(this.#transaction));
  }

  #answer(statement: string): Buffer {
    const words = statement.toLowerCase().replace(/\s+/g, ' ');
    if (/^(?:rollback|commit|end|abort)\b/.test(words)) {
      this.#transaction = 'I';
      return answer(words.startsWith('rollback') || words.startsWith('abort') ? 'ROLLBACK' : 'COMMIT');
    }
    if (this.#transaction === 'E') {
      return failure(
        'ERROR',
        '25P02',
        'current transaction is aborted, commands ignored until end of transaction block',
      );
    }
    if (/^(?:begin|start transaction)\b/.test(words)) {
      this.#transaction = 'T';
      return answer('BEGIN');
    }
    if (/^set\b/.test(words)) return answer('SET');
    if (/^show (?:default_)?transaction_read_only$/.test(words)) {
      return answer('SHOW', 'transaction_read_only', [this.#readOnly ? 'on' : 'off']);
    }
    if (/^select version_num from (?:public\.)?alembic_version$/.test(words)) {
      return answer('SELECT 1', 'version_num', [this.#database.revision]);
    }
    if (words === 'select version()') return answer('SELECT 1', 'version', [`PostgreSQL ${SETTINGS.server_version}`]);
    if (words === 'select 1') return answer('SELECT 1', '?column?', ['1']);
    if (/^(?:insert|update|delete|create|drop|alter|truncate)\b/.test(words) && this.#readOnly) {
      return failure(
        'ERROR',
        '25006',
        `cannot execute ${words.split(' ')[0]?.toUpperCase()} in a read-only transaction`,
      );
    }
    return failure('ERROR', '42P01', 'this stand-in of the metadata database holds alembic_version and nothing else');
  }
}
