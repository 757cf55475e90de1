import { LineCounter, parseDocument } from 'yaml';
import type { Source } from './check.ts';

/** Reads the text as YAML 1.2; errors are kept in the document. Aliases would only hide what is set. */
export function parseSettings(file: string, text: string): Source {
  const lines = new LineCounter();
  return { file, lines, document: parseDocument(text, { lineCounter: lines, prettyErrors: true, strict: true }) };
}
