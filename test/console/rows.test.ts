import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeRows } from '../../src/console/describe.ts';
import { edited, editingOf, editingSegments, inserted } from '../../src/console/editing.ts';
import { shownKey } from '../../src/console/keys.ts';
import { fitRow, paintRow, type Row, rowText, rowWidth, spread } from '../../src/console/row.ts';
import { rowMatcher } from '../../src/console/table-filter.ts';
import { themeFrom } from '../../src/console/theme.ts';
import { highlighted, wrapRow } from '../../src/console/use-document.ts';
import { panelRows } from '../../src/console/widgets/panel.tsx';
import { width } from '../../src/text/width.ts';

const colours = { color: true, unicode: true };
const row: fc.Arbitrary<Row> = fc.array(
  fc.record({
    text: fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('漢字', '\x1b[2J', 'a b c')),
    tone: fc.constantFrom('plain', 'ok', 'error', 'dim'),
  }),
);
const columns = fc.integer({ min: 2, max: 60 });

describe('rows', { timeout: 60_000 }, () => {
  test('are never wider than they may be, exactly as wide when filled, and only their own colours act', () => {
    fc.assert(
      fc.property(row, columns, (any, room) => {
        expect(rowWidth(fitRow(any, room))).toBeLessThanOrEqual(room);
        expect(rowWidth(fitRow(any, room, true))).toBe(room);
        expect(rowWidth(spread(any, 'end', room))).toBe(room);
        const [start, ...pieces] = paintRow(any, room, colours, true).split('\u001b');
        for (const piece of pieces) expect(piece).toMatch(/^\[[\d;]+m/);
        expect([start, ...pieces].join('')).not.toMatch(/\p{Cc}/u);
        expect(paintRow(any, room, { color: false, unicode: true })).not.toMatch(/\[3\dm/);
      }),
    );
  });

  test('wrapping keeps every letter and its colour', () => {
    fc.assert(
      fc.property(row, columns, fc.boolean(), (any, room, columned) => {
        const wrapped = wrapRow(any, room, columned);
        for (const each of wrapped) expect(rowWidth(each)).toBeLessThanOrEqual(room);
        const letters = (some: readonly Row[]) =>
          rowText(
            fitRow(
              some.flatMap((each) => fitRow(each, 1e6)),
              1e6,
            ),
          ).replaceAll(' ', '');
        expect(letters(wrapped)).toBe(letters([any]));
      }),
    );
    const indented = wrapRow(
      [
        { text: '  one two ', tone: 'ok' },
        { text: 'three', tone: 'error' },
      ],
      10,
    );
    expect(indented).toEqual([
      [{ text: '  ' }, { text: 'one two', tone: 'ok' }],
      [{ text: '  ' }, { text: 'three', tone: 'error' }],
    ]);
  });

  test('the second column of a row stays one where it is wrapped', () => {
    const row = [{ text: '  name  ', tone: 'dim' as const }, { text: 'one two three four' }];
    expect(wrapRow(row, 18, true).map(rowText)).toEqual(['  name  one two', '        three four']);
    expect(wrapRow(row, 10, true).map(rowText)).toEqual(['  name', '  one two', '  three', '  four']);
  });

  test('highlighting marks each place whatever its case', () => {
    expect(highlighted('Error: no error', 'error')).toEqual([
      { text: 'Error', inverse: true },
      { text: ': no ' },
      { text: 'error', inverse: true },
    ]);
    expect(rowText(highlighted('İerror', 'error'))).toBe('İerror');
  });

  test('a panel is exactly as large as asked, whatever its title', () => {
    fc.assert(
      fc.property(
        row,
        row,
        fc.integer({ min: 12, max: 60 }),
        fc.integer({ min: 2, max: 9 }),
        (title, note, wide, high) => {
          const rows = panelRows({ title, note, rows: [title, note], width: wide, height: high });
          expect(rows).toHaveLength(high);
          for (const each of rows) expect(rowWidth(each)).toBe(wide);
        },
      ),
    );
  });
});

describe('themes', () => {
  test.each([
    [{}, true, { color: true, unicode: true }],
    [{ NO_COLOR: '1' }, true, { color: false, unicode: true }],
    [{ NO_COLOR: '' }, true, { color: true, unicode: true }],
    [{ LANG: 'de_DE.UTF-8' }, false, { color: false, unicode: true }],
    [{ LANG: 'C' }, true, { color: true, unicode: false }],
    [{ LANG: 'C.UTF-8', LC_ALL: 'POSIX' }, true, { color: true, unicode: false }],
    [{ TERM: 'linux', LANG: 'C.UTF-8' }, true, { color: true, unicode: false }],
  ])('%j, colours wanted %s', (environment, color, theme) => {
    expect(themeFrom(environment, color)).toEqual(theme);
  });

  test('stand-ins take as many cells as what they stand for', () => {
    const drawn = '│─┌┐└┘…›·▲▼';
    const plain = paintRow(drawn, 40, { color: true, unicode: false });
    expect(plain).toMatch(/^[ -~]+$/);
    expect(plain).toHaveLength(width(drawn));
  });
});

describe('editing a line', { timeout: 60_000 }, () => {
  const type = (line: ReturnType<typeof editingOf>, ...keys: string[]) =>
    keys.reduce((before, name) => edited(before, { name, text: name.length === 1 ? name : '' }) ?? before, line);

  test('moves and deletes by letters as they are seen, by words and to the ends', () => {
    const line = inserted(editingOf(''), 'one two 漢👍🏽');
    expect(type(line, 'backspace').value).toBe('one two 漢');
    expect(type(line, 'left', 'left', 'delete').value).toBe('one two 👍🏽');
    expect(type(line, 'ctrl+w').value).toBe('one two ');
    expect(type(line, 'alt+b', 'ctrl+k', 'ctrl+w', 'x').value).toBe('one x');
    expect(type(line, 'home', 'a', 'ctrl+u').value).toBe('one two 漢👍🏽');
    expect(type(line, 'ctrl+a', 'right', 'ctrl+k').value).toBe('o');
    expect(edited(line, { name: 'pageup', text: '' })).toBeUndefined();
  });

  test('what is put in is one line and harmless', () => {
    expect(inserted(editingOf('a'), 'b\r\nc\x1b[31md\n').value).toBe('ab cd');
  });

  test('is shown with its cursor in sight, as dots when secret', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), columns, (text, room) => {
        const line = inserted(editingOf(''), text);
        const shown = editingSegments(line, room, { active: true });
        const before = shown.slice(
          0,
          shown.findIndex(({ inverse }) => inverse),
        );
        expect(rowWidth(before)).toBeLessThan(room);
      }),
    );
    const secret = editingSegments(editingOf('hunter2'), 20, { active: true, secret: true });
    expect(rowText(secret)).toBe('••••••• ');
    expect(rowText(editingSegments(editingOf('lo'), 20, { active: true, ghost: 'gs' }))).toBe('logs');
  });
});

test('a filter takes words, inverse words, and words of a column', () => {
  const list = [
    { name: 'data-prod', status: 'available' },
    { name: 'legacy', status: 'update failed' },
  ];
  const cells = [
    { id: 'name', title: 'NAME', priority: 1, cell: (each: { name: string }) => ({ text: each.name }) },
    { id: 'state', title: 'STATUS', priority: 2, cell: (each: { status: string }) => ({ text: each.status }) },
  ] as const;
  const filtered = (filter: string) =>
    list.filter((each) => rowMatcher<(typeof list)[number]>(filter, cells)(each, 0)).map(({ name }) => name);
  expect(filtered('')).toEqual(['data-prod', 'legacy']);
  expect(filtered('FAIL')).toEqual(['legacy']);
  expect(filtered('!fail')).toEqual(['data-prod']);
  expect(filtered('status:a name:leg')).toEqual(['legacy']);
  expect(filtered('state:avail')).toEqual(['data-prod']);
  expect(filtered('!status:avail')).toEqual(['legacy']);
  expect(filtered('arn:aws')).toEqual([]);
  expect(filtered('!')).toEqual(['data-prod', 'legacy']);
});

test('plain data is described one value a row', () => {
  const rows = describeRows({
    name: 'data-prod',
    createdAt: 0,
    tags: {},
    absent: undefined,
    none: null,
    subnets: ['a', 'b'],
    update: { status: 'FAILED', error: 'first\nsecond' },
    list: [{ id: 1, deep: { x: true } }],
  }).map(rowText);
  expect(rows).toEqual([
    'name: data-prod',
    'createdAt: 1970-01-01T00:00:00.000Z',
    'tags: none',
    'none: none',
    'subnets: ',
    '  - a',
    '  - b',
    'update: ',
    '  status: FAILED',
    '  error: ',
    '    first',
    '    second',
    'list: ',
    '  - id: 1',
    '    deep: ',
    '      x: true',
  ]);
  expect(describeRows({}).map(rowText)).toEqual(['(nothing)']);
});

test('keys read as people write them', () => {
  expect(['ctrl+r', 'escape', 'j', 'shift+tab', 'alt+b', 'O'].map(shownKey)).toEqual([
    'Ctrl-R',
    'Esc',
    'j',
    'Shift-Tab',
    'Alt-b',
    'O',
  ]);
});
