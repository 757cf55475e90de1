import type { Tone } from '../../text/columns.ts';
import type { Row } from '../row.ts';

/** A unified diff in rows, its lines toned by what they do. */
export function diffRows(diff: string): readonly Row[] {
  return diff
    .trimEnd()
    .split('\n')
    .map((line): Row => [{ text: line, tone: diffTone(line) }]);
}

function diffTone(line: string): Tone {
  if (line.startsWith('+++') || line.startsWith('---')) return 'dim';
  if (line.startsWith('+')) return 'ok';
  if (line.startsWith('-')) return 'error';
  return line.startsWith('@@') ? 'running' : 'plain';
}
