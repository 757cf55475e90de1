import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { settingsPath } from '../../src/settings/path.ts';
import { readSettings } from '../../src/settings/read.ts';
import { defaultSettings, isProduction } from '../../src/settings/settings.ts';
import { writeSettings } from '../../src/settings/write.ts';
import { Failure } from '../../src/text/failure.ts';

let folder: string;
let environment: NodeJS.ProcessEnv;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mwaa-console-settings-'));
  environment = { XDG_CONFIG_HOME: folder, HOME: folder };
  file = settingsPath(environment);
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Failure) return error;
  throw error ?? new Error('did not fail');
}

test('the place follows the XDG specification', () => {
  expect(settingsPath({ XDG_CONFIG_HOME: '/x', HOME: '/home/jane' })).toBe('/x/mwaa-console/config.yaml');
  expect(settingsPath({ XDG_CONFIG_HOME: 'relative', HOME: '/home/jane' })).toBe(
    '/home/jane/.config/mwaa-console/config.yaml',
  );
  expect(settingsPath({ HOME: '/home/jane' })).toBe('/home/jane/.config/mwaa-console/config.yaml');
});

test('without a file the defaults hold, and nothing is made', async () => {
  expect(await readSettings(environment)).toEqual(defaultSettings);
  expect(readdirSync(folder)).toEqual([]);
});

test.each(['', '# nothing yet\n', '---\n', 'null\n'])('%j sets nothing', async (text) => {
  write(text);
  expect(await readSettings(environment)).toEqual(defaultSettings);
});

test('a full file', async () => {
  write(
    "profile: data\nregion: eu-west-1\nproduction: ['*-prod', '123456789012']\nreadOnly: true\nlockProduction: false\nrelockMinutes: 0\nascii: true\ntheme: mono\nscreenReader: true\ntimeZone: utc\nopenMetadataUrl: https://openmetadata.example.com/api\nopenMetadataTokenSecret: om/bot\nrefreshSeconds: 30\n",
  );
  expect(await readSettings(environment)).toEqual({
    profile: 'data',
    region: 'eu-west-1',
    production: ['*-prod', '123456789012'],
    readOnly: true,
    lockProduction: false,
    relockMinutes: 0,
    ascii: true,
    theme: 'mono',
    screenReader: true,
    timeZone: 'utc',
    openMetadataUrl: 'https://openmetadata.example.com/api',
    openMetadataTokenSecret: 'om/bot',
    refreshSeconds: 30,
  });
});

test.each([
  ['readOnly: yes\n', '1:11', 'readOnly must be true or false', 'Write for example: readOnly: true'],
  ['# a\nrefreshSeconds: 0.5\n', '2:17', 'refreshSeconds must be a whole number', 'refreshSeconds: 5'],
  ['profile: 123\n', '1:10', 'profile must be text', 'profile: data'],
  ['region: eu-west-1.evil.test/\n', '1:9', 'region must be an AWS region', 'region: eu-west-1'],
  ['production: [123456789012]\n', '1:13', 'production must be a list of texts', "'123456789012'"],
  ['production: prod\n', '1:13', 'production must be a list', 'production:'],
  ['timeZone:\n  utc: true\n', '2:3', 'timeZone must be local or utc', 'timeZone: utc'],
  ['theme:\n', '1:7', 'theme must be auto or mono', 'theme: auto'],
  ['openMetadataUrl: javascript:alert(1)\n', '1:18', 'openMetadataUrl must be an http or https URL', 'https://'],
  ['openMetadataTokenSecret: eyJh.eyJz.c2ln\n', '1:26', 'openMetadataTokenSecret must be the name', 'ingestion-bot'],
  ['read_only: true\n', '1:1', 'read_only is no setting', 'Did you mean readOnly?'],
  ['asci: true\n', '1:1', 'asci is no setting', 'Did you mean ascii?'],
  ['colour: true\n', '1:1', 'colour is no setting', 'Known keys: profile, region'],
  ['ascii: true\nascii: false\n', '2:1', 'Map keys must be unique', 'Correct the YAML'],
  ['- a\n', '1:1', 'must hold keys and values', 'region: eu-west-1'],
  ['profile: [a\n', '2:1', '', 'Correct the YAML'],
  ['__proto__: {}\n', '1:1', '__proto__ is no setting', 'Known keys'],
])('%j is refused with its place', async (text, place, message, advice) => {
  write(text);
  const failure = await failureOf(readSettings(environment));
  expect(failure).toMatchObject({ kind: 'invalid-input', exitCode: 2, resource: `${file}:${place}` });
  expect(failure.message).toContain(`${file}:${place}: ${message}`);
  expect(failure.advice).toContain(advice);
});

test('a change keeps comments, order and the other keys', async () => {
  write('# mine\nregion: eu-west-1 # home\n\n# who\nprofile: data\n');
  const settings = await writeSettings({ region: 'us-east-1', readOnly: true }, environment);
  expect(settings).toMatchObject({ region: 'us-east-1', readOnly: true, profile: 'data' });
  expect(readFileSync(file, 'utf8')).toBe('# mine\nregion: us-east-1 # home\n\n# who\nprofile: data\nreadOnly: true\n');
  expect(await readSettings(environment)).toEqual(settings);
});

test('a first write makes folder and file for the user alone, and leaves nothing else behind', async () => {
  await writeSettings({ production: ['*-prod'] }, environment);
  expect(readFileSync(file, 'utf8')).toBe('production:\n  - "*-prod"\n');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(dirname(file))).toEqual(['config.yaml']);
});

test('a key that is taken out leaves the default', async () => {
  write('# mine\nregion: eu-west-1\n');
  expect(await writeSettings({ region: undefined, profile: undefined }, environment)).toEqual(defaultSettings);
  expect(readFileSync(file, 'utf8')).toBe('# mine\n');
});

test('many writers at once lose nothing', async () => {
  const changes = [
    { region: 'eu-west-1' },
    { profile: 'data' },
    { ascii: true },
    { readOnly: true },
    { refreshSeconds: 9 },
  ];
  await Promise.all(changes.map((change) => writeSettings(change, environment)));
  expect(await readSettings(environment)).toMatchObject(Object.assign({}, ...changes));
  expect(readdirSync(dirname(file))).toEqual(['config.yaml']);
});

test('a file that is a link stays one', async () => {
  const kept = join(folder, 'dotfiles.yaml');
  writeFileSync(kept, 'ascii: true\n', { mode: 0o644 });
  mkdirSync(dirname(file), { recursive: true });
  symlinkSync(kept, file);
  await writeSettings({ ascii: false }, environment);
  expect(readFileSync(kept, 'utf8')).toBe('ascii: false\n');
  expect(statSync(kept).mode & 0o777).toBe(0o644);
});

test('a wrong file is not written into, a wrong value not written', async () => {
  write('ascii: maybe\n');
  expect((await failureOf(writeSettings({ ascii: true }, environment))).kind).toBe('invalid-input');
  expect(readFileSync(file, 'utf8')).toBe('ascii: maybe\n');
  write('ascii: true\n');
  expect((await failureOf(writeSettings({ refreshSeconds: -1 }, environment))).kind).toBe('invalid-input');
  expect(readFileSync(file, 'utf8')).toBe('ascii: true\n');
});

test('a folder that cannot be written is said so', async () => {
  const blocked = join(folder, 'file');
  writeFileSync(blocked, '');
  const failure = await failureOf(writeSettings({ ascii: true }, { XDG_CONFIG_HOME: join(blocked, 'x') }));
  expect(failure).toMatchObject({ kind: 'invalid-input', advice: expect.stringContaining('XDG_CONFIG_HOME') });
});

test.each([
  [['*-prod'], 'data-prod', undefined, true],
  [['*-prod'], 'data-prod-copy', undefined, false],
  [['123456789012'], 'data', '123456789012', true],
  [['pr?d'], 'prod', undefined, true],
  [['*'], 'x', undefined, true],
  [['a.c'], 'abc', undefined, false],
  [[], 'prod', '1', false],
  [['*'], undefined, undefined, false],
])('%j of profile %s in account %s: %s', (production, profile, account, expected) => {
  expect(isProduction({ production }, profile, account)).toBe(expected);
});

test('patterns agree with a regular expression', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
  const name = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
  fc.assert(
    fc.property(letters, name, (pattern, profile) => {
      const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
      expect(isProduction({ production: [pattern] }, profile, undefined)).toBe(expression.test(profile));
    }),
  );
});
