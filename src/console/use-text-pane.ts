import { useLayoutEffect } from 'react';
import { useConsole, useFocused, usePanePlace } from './hooks.ts';
import { type Row, segments } from './row.ts';
import type { PaneCopy } from './stores/panes.ts';
import { type TextDocument, useDocument } from './use-document.ts';

/** What a pane of text is made of. */
export interface TextPaneOptions {
  /** The pane's id, unique on its screen. */
  readonly pane: string;
  /** Keep the same array while nothing changed: wrapping is done anew for another one. */
  readonly rows: readonly Row[];
  /** Cells that it has, borders left out. */
  readonly width: number;
  readonly height: number;
  readonly open?: (() => void) | undefined;
  readonly copy?: PaneCopy | undefined;
  readonly inspect?: { readonly title: string; readonly load: (signal: AbortSignal) => Promise<unknown> } | undefined;
  readonly refresh?: (() => void) | undefined;
}

/**
 * A text as a pane: moved through, searched and copied by the keys that all panes share. `y` copies the row at
 * the cursor unless `copy` says what else.
 */
export function useTextPane({
  pane: id,
  rows,
  width,
  height,
  open,
  copy,
  inspect,
  refresh,
}: TextPaneOptions): TextDocument & { readonly focused: boolean } {
  const { panes } = useConsole();
  const place = usePanePlace();
  const text = useDocument(rows, width, height);
  useLayoutEffect(() => {
    panes.set(
      {
        id,
        move: text.move,
        page: text.page,
        first: text.first,
        last: text.last,
        find: { text: text.search, set: text.setSearch, by: 'search' },
        next: text.search === '' ? undefined : text.next,
        open,
        copy: copy ?? { id: text.current === '' ? undefined : text.current },
        inspect,
        refresh,
      },
      place,
    );
  });
  useLayoutEffect(() => () => panes.remove(id), [panes, id]);
  const focused = useFocused(id);
  // The cursor is shown where keys move it.
  const visible = focused ? text.visible : text.visible.map((row): Row => [{ text: '  ' }, ...segments(row).slice(1)]);
  return { ...text, visible, focused };
}
