import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Finding, findingsFor, readPipeline } from '../../../src/ingestion/pipeline.ts';
import { rules } from '../../../src/ingestion/rules.ts';
import { secretContent } from '../../../src/ingestion/secret.ts';
import { templates } from '../../../src/ingestion/templates.ts';
import { AIRFLOW, FAULTS } from '../../ingestion/lint-cases.ts';
import { changed, POSTGRES } from '../../ingestion/samples.ts';
import { WORKFLOWS } from '../../ingestion/workflows.ts';

const peers = fileURLToPath(new URL('../../../.peers', import.meta.url));
const reader = fileURLToPath(new URL('models.py', import.meta.url));

/** Everything but the places of a template is known. */
const FACTS = {
  environment: 'data-prod',
  region: 'eu-west-1',
  webserverUrl: 'https://abc.c2.eu-west-1.airflow.amazonaws.com',
  serverUrl: 'https://openmetadata.example.com/api',
  jwtToken: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJib3QifQ.c2ln',
};

interface Case {
  readonly name: string;
  readonly text: string;
  /** What the check finds that keeps the workflow from being deployed. */
  readonly errors: readonly Finding[];
}

describe.each([
  // The models of 1.5 list the applications of their own time; later ones take any.
  { line: '1.5', version: '1.5.6', application: 'DataInsights' },
  { line: '1.12', version: '1.12.8', application: 'AutoTagger' },
  { line: '2.0', version: '2.0.7', application: 'AutoTagger' },
])('the models of openmetadata-ingestion $version', ({ line, version, application }) => {
  const read = (name: string, text: string): Case => {
    const found = findingsFor(readPipeline(text, name), { openmetadataVersion: version });
    return { name, text, errors: found.filter(({ severity }) => severity === 'error') };
  };
  const written = templates.map(({ id, text }) => {
    const facts = { ...FACTS, openmetadataVersion: version };
    // What is left to fill in is of any form.
    return read(id, text(facts).replaceAll(/<host>|<cluster>/g, 'db.example.com'));
  });
  const sound = [
    read('postgres', POSTGRES),
    ...Object.entries(WORKFLOWS).map(([type, text]) =>
      read(type, text.replace('type: AutoTagger', `type: ${application}`)),
    ),
  ];
  const faulty = [
    ...FAULTS.map(([text, by, rule, key]) => read(`${rule} ${key} ${JSON.stringify(by)}`, changed(POSTGRES, text, by))),
    read('the Airflow sample of the guides', AIRFLOW),
    read('Sqlite', changed(AIRFLOW, 'type: Postgres', 'type: Sqlite')),
  ];
  const cases = [...written, ...sound, ...faulty];
  let refusals: ReadonlyMap<Case, string | null>;

  beforeAll(() => {
    const texts = cases.map(({ name, text }) => secretContent(readPipeline(text, name)));
    const answer = execFileSync(`${peers}/openmetadata-${line}/bin/python`, [reader], {
      input: JSON.stringify(texts),
      encoding: 'utf8',
      maxBuffer: 1 << 26,
      env: { PATH: process.env.PATH, HOME: '/nonexistent', TZ: 'UTC' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const answers = JSON.parse(answer.slice(answer.indexOf('['))) as (string | null)[];
    refusals = new Map(cases.map((each, at) => [each, answers[at] ?? null]));
  });

  const refused = (each: Case) => refusals.get(each) ?? undefined;
  const basis = ({ rule }: Finding) => rules[rule as keyof typeof rules].basis;
  const onlyPlaces = ({ errors }: Case) => errors.every(({ rule }) => rule === 'placeholder');

  test('accept every template whose faults are but what is to be filled in', () => {
    const checked = written.filter(onlyPlaces);
    expect(checked.length).toBeGreaterThanOrEqual(written.length - 2);
    expect(checked.flatMap((each) => (refused(each) === undefined ? [] : [[each.name, refused(each)]]))).toEqual([]);
  });

  test('accept a workflow of every pipeline type that the check accepts', () => {
    const checked = sound.filter(({ errors }) => errors.length === 0);
    expect(checked.length).toBeGreaterThan(6);
    expect(checked.flatMap((each) => (refused(each) === undefined ? [] : [[each.name, refused(each)]]))).toEqual([]);
  });

  test('refuse what a schema rule refuses', () => {
    const schema = [...cases].filter(({ errors }) => errors.some((error) => basis(error) === 'schema'));
    expect(schema.length).toBeGreaterThan(10);
    expect(schema.filter((each) => refused(each) === undefined).map(({ name }) => name)).toEqual([]);
  });

  test('take what a practice rule alone refuses, which is why there is that rule', () => {
    const practice = faulty.filter(
      ({ errors }) => errors.length > 0 && errors.every((error) => basis(error) === 'practice'),
    );
    expect(practice.length).toBeGreaterThan(8);
    expect(practice.flatMap((each) => (refused(each) === undefined ? [] : [[each.name, refused(each)]]))).toEqual([]);
  });
});
