import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPolicyDocument } from '../../../src/demo/iam/document.ts';
import { evaluate } from '../../../src/demo/iam/evaluate.ts';
import { arnLike, glob } from '../../../src/demo/iam/match.ts';

type Statement = Record<string, unknown>;

function decide(statements: Statement[], action: string, resource: string, context = {}): string {
  const document = readPolicyDocument(JSON.stringify({ Version: '2012-10-17', Statement: statements }));
  return evaluate([{ id: 'one', type: 'IAM Policy', document }], { action, resource, context }).decision;
}

const allow = (more: Statement = {}): Statement => ({ Effect: 'Allow', Action: 's3:*', Resource: '*', ...more });
const KEY = 'arn:aws:s3:::bucket/dags/a.py';

describe('a decision', () => {
  it('is an implicit deny where nothing allows, and an explicit one wins over every allow', () => {
    expect(decide([allow()], 'ecs:RunTask', '*')).toBe('implicitDeny');
    expect(decide([allow()], 's3:GetObject', KEY)).toBe('allowed');
    expect(decide([allow(), allow({ Effect: 'Deny', Action: 's3:Get*' })], 's3:GetObject', KEY)).toBe('explicitDeny');
  });

  it('compares actions without regard to case, resources with it', () => {
    expect(decide([allow({ Action: 'S3:getobject' })], 's3:GetObject', KEY)).toBe('allowed');
    expect(decide([allow({ Resource: 'arn:aws:s3:::Bucket/*' })], 's3:GetObject', KEY)).toBe('implicitDeny');
  });

  it('turns NotAction and NotResource round', () => {
    expect(decide([{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }], 's3:GetObject', KEY)).toBe('allowed');
    expect(decide([{ Effect: 'Allow', NotAction: 's3:*', Resource: '*' }], 's3:GetObject', KEY)).toBe('implicitDeny');
    const elsewhere = { Effect: 'Allow', Action: 's3:*', NotResource: 'arn:aws:s3:::bucket/*' };
    expect(decide([elsewhere], 's3:GetObject', KEY)).toBe('implicitDeny');
  });

  it('replaces policy variables, and a statement with an unknown one speaks of nothing', () => {
    const variable = ['$', '{aws:PrincipalTag/team}'].join('');
    const own = allow({ Resource: `arn:aws:s3:::bucket/${variable}/*` });
    const key = 'arn:aws:s3:::bucket/data/a';
    expect(decide([own], 's3:GetObject', key, { 'aws:PrincipalTag/team': 'data' })).toBe('allowed');
    expect(decide([own], 's3:GetObject', key)).toBe('implicitDeny');
  });
});

describe('a condition', () => {
  const CLUSTER = 'arn:aws:ecs:eu-west-1:123456789012:cluster/openmetadata-ingestion';
  const when = (condition: object, context: object): string =>
    decide(
      [{ Effect: 'Allow', Action: 'ecs:RunTask', Resource: '*', Condition: condition }],
      'ecs:RunTask',
      '*',
      context,
    );

  it.each([
    ['StringEquals', { StringEquals: { k: ['a', 'b'] } }, { k: 'b' }, true],
    ['StringEquals, other value', { StringEquals: { k: 'a' } }, { k: 'A' }, false],
    ['StringEqualsIgnoreCase', { StringEqualsIgnoreCase: { k: 'a' } }, { k: 'A' }, true],
    ['StringLike', { StringLike: { k: 'sqs.*.amazonaws.com' } }, { k: 'sqs.eu-west-1.amazonaws.com' }, true],
    ['StringNotEquals without the key', { StringNotEquals: { k: 'a' } }, {}, true],
    ['StringNotLike, none may match', { StringNotLike: { k: ['a*', 'b*'] } }, { k: 'bc' }, false],
    ['StringEquals without the key', { StringEquals: { k: 'a' } }, {}, false],
    ['StringEqualsIfExists without the key', { StringEqualsIfExists: { k: 'a' } }, {}, true],
    ['ArnEquals', { ArnEquals: { 'ecs:cluster': CLUSTER } }, { 'ecs:cluster': CLUSTER }, true],
    ['ArnLike', { ArnLike: { 'ecs:cluster': 'arn:aws:ecs:*:*:cluster/open*' } }, { 'ecs:cluster': CLUSTER }, true],
    [
      'ArnNotLike',
      { ArnNotLike: { 'ecs:cluster': 'arn:aws:ecs:*:*:cluster/open*' } },
      { 'ecs:cluster': CLUSTER },
      false,
    ],
    ['keys in any case', { ArnEquals: { 'ECS:Cluster': CLUSTER } }, { 'ecs:cluster': CLUSTER }, true],
    ['Bool', { Bool: { 'aws:SecureTransport': true } }, { 'aws:SecureTransport': 'true' }, true],
    ['Null true, key missing', { Null: { k: 'true' } }, {}, true],
    ['Null false, key missing', { Null: { k: 'false' } }, {}, false],
    ['NumericLessThan', { NumericLessThan: { k: 10 } }, { k: '9' }, true],
    ['DateGreaterThan', { DateGreaterThan: { k: '2026-01-01T00:00:00Z' } }, { k: '2026-11-22T00:00:00Z' }, true],
    ['IpAddress', { IpAddress: { k: '127.0.0.0/8' } }, { k: '127.0.0.1' }, true],
    ['NotIpAddress', { NotIpAddress: { k: '10.0.0.0/8' } }, { k: '10.1.2.3' }, false],
    ['ForAnyValue', { 'ForAnyValue:StringEquals': { k: ['b'] } }, { k: ['a', 'b'] }, true],
    ['ForAllValues', { 'ForAllValues:StringEquals': { k: ['a', 'b'] } }, { k: ['a', 'c'] }, false],
    ['ForAllValues without the key', { 'ForAllValues:StringEquals': { k: ['a'] } }, {}, true],
    ['all of several must hold', { StringEquals: { a: '1', b: '2' } }, { a: '1', b: '3' }, false],
  ])('%s', (_, condition, context, holds) => {
    expect(when(condition, context)).toBe(holds ? 'allowed' : 'implicitDeny');
  });

  it('names the keys that the context lacks', () => {
    const statement = allow({ Action: 'ecs:RunTask', Condition: { ArnEquals: { 'ecs:cluster': CLUSTER } } });
    const document = readPolicyDocument(JSON.stringify({ Statement: statement }));
    const request = { action: 'ecs:RunTask', resource: '*', context: {} };
    const verdict = evaluate([{ id: 'one', type: 'IAM Policy', document }], request);
    expect(verdict).toMatchObject({ decision: 'implicitDeny', missing: ['ecs:cluster'] });
  });
});

describe('a pattern', () => {
  it('agrees with a regular expression on any text', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', ':', '/', '*', '?'), maxLength: 8 });
    const texts = fc.string({ unit: fc.constantFrom('a', 'b', ':', '/'), maxLength: 10 });
    fc.assert(
      fc.property(letters, texts, (pattern, text) => {
        const source = pattern.replaceAll('?', '[^]').replaceAll(/\*+/g, '[^]*');
        expect(glob(pattern, text)).toBe(new RegExp(`^${source}$`).test(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('of an ARN keeps to its part', () => {
    expect(arnLike('arn:aws:ecs:*:cluster/a', 'arn:aws:ecs:eu-west-1:123456789012:cluster/a')).toBe(false);
    expect(arnLike('arn:aws:logs:*:*:log-group:a:*', 'arn:aws:logs:eu-west-1:1:log-group:a:log-stream:b')).toBe(true);
  });
});

describe('a policy document', () => {
  it.each([
    ['{', 'This policy contains invalid Json'],
    ['{"Statement":[]}', 'Syntax errors in policy.'],
    ['{"Statement":{"Effect":"allow","Action":"s3:*","Resource":"*"}}', 'Syntax errors in policy.'],
    ['{"Statement":{"Effect":"Allow","Action":"s3","Resource":"*"}}', 'Actions/Conditions must be prefaced'],
    ['{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"bucket"}}', 'must be in ARN format or "*"'],
    ['{"Statement":{"Effect":"Allow","Action":"s3:*"}}', 'Policy statement must contain resources.'],
    [
      '{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","Principal":"*"}}',
      'should not specify a principal',
    ],
    [
      '{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"Equals":{"a":"b"}}}}',
      'Invalid Condition',
    ],
    ['{"Statement":{"Sid":"a b","Effect":"Allow","Action":"s3:*","Resource":"*"}}', 'must be alpha-numeric'],
  ])('%s is refused', (text, message) => {
    expect(() => readPolicyDocument(text)).toThrow(message);
  });

  it('is refused for two statements with one id', () => {
    const statement = allow({ Sid: 'A' });
    expect(() => readPolicyDocument(JSON.stringify({ Statement: [statement, statement] }))).toThrow('must be unique');
  });
});
