import { describe, expect, test } from 'vitest';
import { packageRequirement, satisfies } from '../../src/reference/version-specifier.ts';

describe('a requirement', () => {
  test.each([
    ['pandas', { name: 'pandas', extras: [], specifier: '' }],
    [
      'Snowflake_Connector.Python[pandas, Secure-Local_Storage] == 3.18.0',
      {
        name: 'snowflake-connector-python',
        extras: ['pandas', 'secure-local-storage'],
        specifier: '==3.18.0',
      },
    ],
    ['pydantic>=2.7.0, <2.12 ; python_version < "3.13"', { name: 'pydantic', extras: [], specifier: '>=2.7.0,<2.12' }],
    ['boto3 (~=1.41.5)  # for the lake', { name: 'boto3', extras: [], specifier: '~=1.41.5' }],
    ['requests==2.32.3 --hash=sha256:00', { name: 'requests', extras: [], specifier: '==2.32.3' }],
  ])('%j is read', (text, read) => {
    expect(packageRequirement(text)).toEqual(read);
  });

  test.each([
    '',
    '# a comment',
    '-e .',
    '--index-url https://x',
    'git+https://x/y.git',
    './local.whl',
    'a b',
    'x @ https://y',
  ])('%j is none', (text) => {
    expect(packageRequirement(text)).toBeUndefined();
  });
});

test.each([
  ['1.41.5', '~=1.41.5', true],
  ['1.41.9', '~=1.41.5', true],
  ['1.42.0', '~=1.41.5', false],
  ['1.41.4', '~=1.41.5', false],
  ['2.11.10', '~=2.0,>=2.7.0,<2.12', true],
  ['2.12.0', '~=2.0,>=2.7.0,<2.12', false],
  ['3.0', '~=2.0', false],
  ['4.0', '==4.0.0', true],
  ['4.0.1', '==4.0.0', false],
  ['4.0.1', '==4.0.*', true],
  ['4.1', '!=4.0.*', true],
  ['4.0.0', '!=4.0', false],
  ['2.9.0.post0', '>=2.8.1', true],
  ['1.0', '>1.0', false],
  ['1.0', '<=1.0', true],
  ['1.0', '', true],
])('%s satisfies %s: %s', (version, specifier, answer) => {
  expect(satisfies(version, specifier)).toBe(answer);
});
