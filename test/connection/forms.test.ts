import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Connection } from '../../src/connection/connection.ts';
import { parseDiscovery } from '../../src/connection/discovery/parse.ts';
import { connectionText, isKnown } from '../../src/connection/forms.ts';

const HARD = `p@s:s/w%r'd" x%41y\\`;
const known = (change: Partial<Connection> = {}) => {
  const connection = {
    host: 'vpce-0a1b.eu-west-1.vpce.amazonaws.com',
    port: 5432,
    database: 'AirflowMetadata',
    user: 'adminuser',
    password: HARD,
    sslMode: 'require',
    hostAddress: null,
    ...change,
  } as Connection;
  if (!isKnown(connection)) throw new Error('It is known.');
  return connection;
};

/** What a POSIX shell makes of a line without expansions: its words, assignments first. */
function shell(line: string): string[] {
  const words: string[] = [];
  for (const [, word = ''] of line.matchAll(/((?:'[^']*'|\\.|[^\s'\\])+)/g)) {
    words.push(word.replace(/'([^']*)'|\\(.)/g, (_, quoted, escaped) => quoted ?? escaped));
  }
  return words;
}

describe('a connection as text', () => {
  test('a URI comes back as it was, whatever the password', () => {
    const password = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(password, (secret) => {
        const uri = connectionText(known({ password: secret, hostAddress: '127.0.0.1' }), 'uri');
        const found = parseDiscovery(JSON.stringify({ database: uri }));
        expect(found).toMatchObject({ host: known().host, database: 'AirflowMetadata', hostAddress: '127.0.0.1' });
        expect(found.candidates[0]).toEqual({ user: 'adminuser', password: secret });
      }),
    );
  });

  test('psql has the password in the environment, never in its arguments', () => {
    const [assignment = '', program, argument] = shell(connectionText(known({ database: "o'db" }), 'psql'));
    expect(assignment).toBe(`PGPASSWORD=${HARD}`);
    expect(program).toBe('psql');
    expect(argument).toBe(`host=${known().host} port=5432 dbname='o\\'db' user=adminuser sslmode=require`);
    expect(connectionText(known({ password: null }), 'psql')).not.toContain('PGPASSWORD');
  });

  test('environment variables', () => {
    const lines = connectionText(known(), 'environment').split('\n').map(shell);
    expect(lines).toContainEqual(['export', `PGPASSWORD=${HARD}`]);
    expect(lines).toContainEqual(['export', 'PGDATABASE=AirflowMetadata']);
  });

  test('OpenMetadata takes the password below authType', () => {
    const { connection } = parse(connectionText(known(), 'openmetadata', 'https://web'));
    expect(connection).toMatchObject({ type: 'Postgres', username: 'adminuser', authType: { password: HARD } });
    expect(connectionText(known({ password: null }), 'openmetadata')).toContain('<password>');
  });

  test.each(['uri', 'psql', 'environment', 'openmetadata'] as const)('%s without a password holds none', (form) => {
    expect(connectionText(known({ password: null }), form)).not.toContain('null');
  });
});
