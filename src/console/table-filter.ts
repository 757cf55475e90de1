import type { Column } from '../text/columns.ts';

/**
 * Whether a row matches a filter: words that all must be found, whatever their case; `!word` must not be;
 * `column:word` looks in one column, by its id or title. `now` (ms since the epoch) goes to the cells.
 */
export function rowMatcher<Row>(filter: string, columns: readonly Column<Row>[]): (row: Row, now: number) => boolean {
  const terms = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '' && word !== '!')
    .map((word) => term(word, columns));
  return (row, now) => terms.every((matches) => matches(row, now));
}

function term<Row>(word: string, columns: readonly Column<Row>[]): (row: Row, now: number) => boolean {
  if (word.startsWith('!')) {
    const matches = term(word.slice(1), columns);
    return (row, now) => !matches(row, now);
  }
  const colon = word.indexOf(':');
  const name = word.slice(0, Math.max(0, colon));
  const column = columns.find(({ id, title }) => id.toLowerCase() === name || title.toLowerCase() === name);
  const searched = column === undefined ? columns : [column];
  const wanted = column === undefined ? word : word.slice(colon + 1);
  return (row, now) => searched.some((each) => each.cell(row, now).text.toLowerCase().includes(wanted));
}
