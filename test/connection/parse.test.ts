import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDiscovery, unquote } from '../../src/connection/discovery/parse.ts';

const HARD = `p@s:s/w%r'd" x%41y`;
const place = 'vpce-0a1b.vpce-svc-0c2d.eu-west-1.vpce.amazonaws.com:5432/AirflowMetadata?sslmode=require';
const engine = {
  driver: 'postgresql+psycopg2',
  user: 'adminuser',
  password: HARD,
  host: 'vpce-0a1b.vpce-svc-0c2d.eu-west-1.vpce.amazonaws.com',
  port: 5432,
  database: 'AirflowMetadata',
  query: { sslmode: 'require' },
};

describe('what a discovery hands back', () => {
  test('is taken as Airflow itself logs in, when that is told', () => {
    const database = `postgresql+psycopg2://adminuser:${encodeURIComponent(HARD)}@${place}`;
    const found = parseDiscovery(`${JSON.stringify({ iam: null, database, engine })}      `);
    expect(found).toEqual({
      host: engine.host,
      port: 5432,
      database: 'AirflowMetadata',
      sslMode: 'require',
      hostAddress: undefined,
      candidates: [
        { user: 'adminuser', password: HARD },
        { user: 'adminuser', password: encodeURIComponent(HARD) },
      ],
      iamTokens: false,
    });
  });

  test('is split at the last @ where only the configured text is there, its password raw and unquoted', () => {
    const found = parseDiscovery(JSON.stringify({ core: `postgresql+psycopg2://adminuser:${HARD}@${place}` }));
    expect(found.host).toBe(engine.host);
    expect(found.candidates.map(({ password }) => password)).toEqual([`p@s:s/w%r'd" xAy`, HARD]);
  });

  test('tells that Airflow logs in with RDS IAM tokens', () => {
    expect(parseDiscovery(JSON.stringify({ iam: 'True', engine })).iamTokens).toBe(true);
  });

  test.each([
    ['no JSON', 'nonsense'],
    ['nothing', '{}'],
    ['another database', JSON.stringify({ database: `mysql://u:${HARD}@h/db` })],
    ['Airflow 3’s dummy', JSON.stringify({ database: 'airflow-db-not-allowed:///' })],
    ['no password', JSON.stringify({ engine: { ...engine, password: '***' } })],
  ])('is refused without a word of it where it holds %s', (_, text) => {
    expect(() => parseDiscovery(text)).toThrow('The task handed back no PostgreSQL connection.');
  });

  test('with any password gives that password among the candidates, quoted or not', () => {
    const password = fc
      .string({ unit: 'binary', minLength: 1 })
      .filter((text) => !text.includes('@') && text.isWellFormed());
    fc.assert(
      fc.property(password, fc.boolean(), (secret, quoted) => {
        const written = quoted ? encodeURIComponent(secret) : secret;
        const found = parseDiscovery(
          JSON.stringify({ database: `postgresql+psycopg2://adminuser:${written}@${place}` }),
        );
        expect(found.candidates.map((candidate) => candidate.password)).toContain(secret);
      }),
    );
  });
});

test.each([
  ['%41', 'A'],
  ['%4', '%4'],
  ['%zz', '%zz'],
  ['%C3%A9', 'é'],
  ['%C3', '\ufffd'],
  ['%ff%41', '\ufffdA'],
  ['100%', '100%'],
  ["p%40s'", "p@s'"],
  ['%e2%82', '\ufffd'],
  ['%f0%9f%98%80x', '😀x'],
  ['a+b', 'a+b'],
])('unquote makes of %s what Python does', (text, expected) => {
  expect(unquote(text)).toBe(expected);
});
