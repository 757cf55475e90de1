import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Column } from '../../src/text/columns.ts';
import { COLUMN_GAP, layoutColumns, sortRows } from '../../src/text/table.ts';

interface Row {
  readonly name: string;
  readonly status: string;
  readonly size: number;
}
const columns: Column<Row>[] = [
  { id: 'name', title: 'NAME', priority: 1, cell: (row) => ({ text: row.name }) },
  { id: 'status', title: 'STATUS', priority: 2, maxWidth: 10, cell: (row) => ({ text: row.status }) },
  {
    id: 'size',
    title: 'SIZE',
    priority: 3,
    cell: (row) => ({ text: String(row.size) }),
    sortKey: (row) => row.size,
  },
];
const rows: Row[] = [
  { name: 'data-prod', status: 'available', size: 10 },
  { name: 'a-very-long-environment-name', status: 'a status that never ends', size: 9 },
];
const shape = (width: number) => layoutColumns(columns, rows, width, 0).map((each) => [each.column.id, each.width]);

describe('layoutColumns', { timeout: 60_000 }, () => {
  test('gives each column what its widest cell needs, up to its own limit', () => {
    expect(shape(200)).toEqual([
      ['name', 28],
      ['status', 10],
      ['size', 4],
    ]);
  });

  test('lets the least important fall away before a name is cut, and narrows the widest before others fall away', () => {
    expect(shape(40)).toEqual([
      ['name', 28],
      ['status', 10],
    ]);
    expect(shape(29)).toEqual([
      ['name', 17],
      ['status', 10],
    ]);
    expect(shape(10)).toEqual([['name', 10]]);
  });

  test('lets a column whose start is enough give way before others are cut, and gives it what is left', () => {
    const [name, ...others] = columns as [Column<Row>, ...Column<Row>[]];
    const shortened = (total: number) =>
      layoutColumns([{ ...name, enough: 9 }, ...others], rows, total, 0).map((each) => [each.column.id, each.width]);
    expect(shortened(200)).toEqual(layoutColumns(columns, rows, 200, 0).map((each) => [each.column.id, each.width]));
    expect(shortened(30)).toEqual([
      ['name', 12],
      ['status', 10],
      ['size', 4],
    ]);
    expect(shortened(27)).toEqual([
      ['name', 9],
      ['status', 10],
      ['size', 4],
    ]);
    expect(shortened(26)).toEqual([
      ['name', 14],
      ['status', 10],
    ]);
  });

  test('measures text as it will be shown', () => {
    const [layout] = layoutColumns(
      columns.slice(0, 1),
      [{ name: '\x1b[31m漢字\x1b[0mab', status: '', size: 0 }],
      80,
      0,
    );
    expect(layout?.width).toBe(6);
  });

  test('always fits', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ name: fc.string(), status: fc.string({ unit: 'grapheme' }), size: fc.integer() })),
        fc.integer({ min: 1, max: 120 }),
        (some, total) => {
          const layout = layoutColumns(columns, some, total, 0);
          const used = layout.reduce((sum, each) => sum + each.width + COLUMN_GAP, -COLUMN_GAP);
          expect(used).toBeLessThanOrEqual(total);
          expect(layout[0]?.column.id).toBe('name');
        },
      ),
    );
  });
});

test('sortRows compares by key or by words, stable, both ways', () => {
  const [name, , size] = columns;
  if (name === undefined || size === undefined) throw new Error('columns');
  expect(sortRows(rows, size, false, 0).map((row) => row.size)).toEqual([9, 10]);
  expect(sortRows(rows, name, true, 0).map((row) => row.size)).toEqual([10, 9]);
  const numbered = ['run 10', 'run 9', 'Run 9'].map((text) => ({ name: text, status: '', size: 0 }));
  expect(sortRows(numbered, name, false, 0).map((row) => row.name)).toEqual(['run 9', 'Run 9', 'run 10']);
});
