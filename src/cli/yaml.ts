import { stringify } from 'yaml';

/**
 * A value as YAML, with what its JSON has: members that are undefined are left out, dates are texts. Loaded on demand, since
 * most commands and the first frame print none; and as a module of its own, since of a package in CommonJS `import()`
 * has the default alone once it is bundled.
 */
export function yamlText(value: unknown): string {
  return stringify(JSON.parse(JSON.stringify(value)));
}
