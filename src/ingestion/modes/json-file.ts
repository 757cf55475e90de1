import type { GeneratedFile } from '../request.ts';

/** A file of indented JSON. */
export function jsonFile(path: string, value: unknown): GeneratedFile {
  return { path, content: `${JSON.stringify(value, undefined, 2)}\n` };
}
