import type { Tone } from '../text/columns.ts';
import type { Failure } from '../text/failure.ts';
import { printable } from '../text/printable.ts';
import { wrap } from '../text/width.ts';
import type { Row } from './row.ts';

/** A text of several lines in rows of `columns` cells, in one tone. */
export function messageRows(text: string, columns: number, tone: Tone = 'plain'): readonly Row[] {
  return text
    .split('\n')
    .flatMap((line) => wrap(printable(line), columns))
    .map((row) => [{ text: row, tone }]);
}

/** A failure in rows of `columns` cells: what happened, then what to try. */
export function failureRows(failure: Failure, columns: number): readonly Row[] {
  return [
    ...messageRows(failure.message, columns, 'error'),
    ...(failure.advice === undefined ? [] : messageRows(failure.advice, columns)),
  ];
}
