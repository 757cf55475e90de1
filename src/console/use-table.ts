import { useLayoutEffect, useMemo, useRef } from 'react';
import type { Resource } from '../fleet/resource.ts';
import type { Column } from '../text/columns.ts';
import { sortRows } from '../text/table.ts';
import { useConsole, useFocused, usePanePlace, useResource, useStore, type Watched } from './hooks.ts';
import type { PaneMemory } from './router.ts';
import type { Pane, PaneCopy } from './stores/panes.ts';
import type { Polled } from './stores/poller.ts';
import { rowMatcher } from './table-filter.ts';

/** What a table is made of. */
export interface TableOptions<Row> {
  /** The pane's id, unique on its screen. */
  readonly pane: string;
  /** Such as `MWAA environments`; the count is added. */
  readonly title: string;
  /** At the right end of the upper border, while nothing is wrong. */
  readonly note?: string | undefined;
  readonly columns: readonly Column<Row>[];
  readonly key: (row: Row) => string;
  /** What is known of the rows; `useResource` and `useRead` give it. */
  readonly rows: Polled<readonly Row[]>;
  /** What is said where there is none, such as `No ingestion in data-prod. I deploys one.` */
  readonly empty: string;
  /** Enter: on a row, and on the marked ones, or it alone where none is. */
  readonly open?: ((row: Row, chosen: readonly Row[]) => void) | undefined;
  readonly arn?: ((row: Row) => string | undefined) | undefined;
  readonly describe?: ((row: Row, signal: AbortSignal) => Promise<unknown>) | undefined;
  /** Why a row needs attention; undefined when it does not. */
  readonly attention?: ((row: Row, now: number) => string | undefined) | undefined;
  readonly refresh?: (() => void) | undefined;
}

/** A table as its screen and its painting (widgets/table.tsx) see it. */
export interface Table<Row> {
  readonly options: TableOptions<Row>;
  /** Filtered and sorted. */
  readonly shown: readonly Row[];
  readonly total: number;
  readonly selected: Row | undefined;
  readonly selectedAt: number;
  /** The marked rows, as they are listed. */
  readonly marked: readonly Row[];
  readonly memory: PaneMemory;
  readonly focused: boolean;
  /** The painting tells how many rows it shows at once. */
  readonly viewport: { rows: number; top: number };
}

const NO_MEMORY: PaneMemory = {};
const NO_ROWS: readonly never[] = [];

/**
 * A table's rows, selection and keys. The selection is a row's key, so it stays on its row when rows come
 * and go; when its row goes, the one that took its place is selected. Registers the pane: the keys of
 * pane-commands.ts act on it while it has the focus.
 */
export function useTable<Row>(options: TableOptions<Row>): Table<Row> {
  const console = useConsole();
  const { pane: id, columns, key, rows, attention } = options;
  const memory = useStore(console.router, ({ places, position }) => places[position]?.panes[id] ?? NO_MEMORY);
  const focused = useFocused(id);
  const place = usePanePlace();
  const viewport = useRef({ rows: 1, top: 0 });
  const lastIndex = useRef(0);

  const shown = useMemo(() => {
    const now = console.now();
    const matches = rowMatcher(memory.filter ?? '', columns);
    const kept = (rows.data ?? []).filter(
      (row) => matches(row, now) && (memory.attention !== true || attention?.(row, now) !== undefined),
    );
    const column = columns.find((each) => each.id === memory.sort?.column);
    return column === undefined ? kept : sortRows(kept, column, memory.sort?.descending === true, now);
  }, [console, rows.data, columns, attention, memory.filter, memory.attention, memory.sort]);

  const found = memory.cursor === undefined ? -1 : shown.findIndex((row) => key(row) === memory.cursor);
  const selectedAt = found >= 0 ? found : Math.max(0, Math.min(lastIndex.current, shown.length - 1));
  const selected = shown[selectedAt];
  const marked = useMemo(() => {
    const keys = new Set(memory.marked);
    return keys.size === 0 ? NO_ROWS : shown.filter((row) => keys.has(key(row)));
  }, [shown, memory.marked, key]);
  useLayoutEffect(() => {
    lastIndex.current = selectedAt;
    // Once all rows are known the selection holds on to its row, also when nobody has moved it yet: what a key
    // acts on must not change under the fingers.
    if (memory.cursor === undefined && selected !== undefined && rows.readAt !== undefined) {
      console.router.remember(id, { cursor: key(selected) });
    }
  });

  const table: Table<Row> = {
    options,
    shown,
    total: rows.data?.length ?? 0,
    selected,
    selectedAt,
    marked,
    memory,
    focused,
    viewport: viewport.current,
  };
  useLayoutEffect(() => {
    console.panes.set(paneOf(console.router.remember, table), place);
  });
  useLayoutEffect(() => () => console.panes.remove(id), [console, id]);
  return table;
}

/** A table of a resource: its rows are read again and again while it is mounted. */
export function useResourceTable<Row, Scope>(
  resource: Resource<Row, Scope>,
  scope: Scope,
  options: Pick<TableOptions<Row>, 'empty' | 'open' | 'note'> & { readonly pane?: string; readonly title?: string },
): Table<Row> & { readonly watched: Watched<Row[]> } {
  const { session } = useConsole();
  const watched = useResource(resource, scope);
  const bound = useMemo(
    () => ({
      key: (row: Row) => resource.key(row),
      arn: (row: Row) => resource.arn?.(row),
      attention:
        resource.attention === undefined ? undefined : (row: Row, now: number) => resource.attention?.(row, now),
      describe: (row: Row, signal: AbortSignal) => {
        const open = session.getState().session;
        return open === undefined ? Promise.resolve(row) : resource.describe(open, row, signal);
      },
    }),
    [resource, session],
  );
  const table = useTable<Row>({
    pane: options.pane ?? resource.id,
    title: options.title ?? resource.title,
    note: options.note,
    columns: resource.columns,
    rows: watched,
    empty: options.empty,
    open: options.open,
    refresh: watched.refresh,
    ...bound,
  });
  return { ...table, watched };
}

function paneOf<Row>(
  remember: (pane: string, change: PaneMemory) => void,
  { options, shown, selected, selectedAt, marked, memory, viewport }: Table<Row>,
): Pane {
  const { pane: id, key, columns, open, arn, describe, attention, refresh } = options;
  // What was moved to since the last painting counts, so that no key of a burst is lost.
  let at = selectedAt;
  let marks = memory.marked ?? [];
  const select = (index: number) => {
    at = Math.max(0, Math.min(index, shown.length - 1));
    const row = shown[at];
    if (row !== undefined) remember(id, { cursor: key(row) });
  };
  return {
    id,
    move: (by) => select(at + by),
    page: (by) => select(at + by * Math.max(1, viewport.rows - 1)),
    first: () => select(0),
    last: () => select(shown.length - 1),
    open:
      open === undefined || selected === undefined
        ? undefined
        : () => open(selected, marked.length > 0 ? marked : [selected]),
    find: { text: memory.filter ?? '', set: (filter) => remember(id, { filter }), by: 'filter' },
    sort: { columns, by: memory.sort, set: (by) => remember(id, { sort: by }) },
    mark: {
      count: marked.length,
      toggle: () => {
        const row = shown[at];
        if (row === undefined) return;
        const name = key(row);
        // Marks of a burst of keys, of which the last painting knows nothing yet, count as well.
        marks = marks.includes(name) ? marks.filter((each) => each !== name) : [...marks, name];
        remember(id, { marked: marks });
        select(at + 1);
      },
      clear: () => remember(id, { marked: [] }),
    },
    copy: selected === undefined ? undefined : copyOf(marked.length > 0 ? marked : [selected], key, arn),
    inspect:
      selected === undefined || describe === undefined
        ? undefined
        : { title: key(selected), load: (signal) => describe(selected, signal) },
    attention:
      attention === undefined
        ? undefined
        : {
            only: memory.attention === true,
            toggle: () => remember(id, { attention: memory.attention !== true }),
          },
    refresh,
  };
}

/** What is copied of rows: a line each. */
function copyOf<Row>(rows: readonly Row[], key: (row: Row) => string, arn: TableOptions<Row>['arn']): PaneCopy {
  const arns = rows.flatMap((row) => arn?.(row) ?? []);
  return { id: rows.map(key).join('\n'), arn: arns.length === 0 ? undefined : arns.join('\n') };
}
