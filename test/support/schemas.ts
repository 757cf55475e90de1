import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect } from 'vitest';

const ajv = new Ajv({ allErrors: true, formats: { 'date-time': true } });

/** Expects a value to be as docs/schemas/<name>.json says. */
export function expectSchema(name: string, value: unknown): void {
  const file = new URL(`../../docs/schemas/${name}.json`, import.meta.url);
  const validate = ajv.compile(JSON.parse(readFileSync(file, 'utf8')));
  validate(value);
  expect(validate.errors ?? [], `${name}: ${JSON.stringify(value)?.slice(0, 300)}`).toEqual([]);
}
