import { useEffect, useMemo, useState } from 'react';
import { dialogHints } from '../dialog-hints.ts';
import { type Editing, edited, editingOf, editingSegments, inserted } from '../editing.ts';
import { useConsole, useKeyLayer } from '../hooks.ts';
import type { Key } from '../keys.ts';
import { failureRows } from '../message.ts';
import { moveBy } from '../pane-commands.ts';
import type { Row } from '../row.ts';
import { rowText } from '../row.ts';
import { failureOf, isAborted } from '../stores/failures.ts';
import { useDocument } from '../use-document.ts';
import { type Area, Modal } from './modal.tsx';
import { Rows } from './text.tsx';

/** A text over the whole area: scrolled, searched (`/ n N`), copied (`y` its row, `Y` all), left by Esc. */
export function DocumentDialogView({
  title,
  note = '',
  rows,
  area,
  onClose,
}: {
  title: string;
  /** What its keys are good for here, beside where one is in it. */
  note?: string | undefined;
  rows: readonly Row[];
  area: Area;
  onClose: () => void;
}) {
  const console = useConsole();
  const [asked, setAsked] = useState<Editing>();
  const width = area.width - 4;
  const height = Math.max(1, area.height - 2 - (asked === undefined ? 0 : 1));
  const text = useDocument(rows, width, height);

  const search = (line: Editing | undefined) => {
    setAsked(line);
    if (line !== undefined) text.setSearch(line.value);
  };
  const onKey = (key: Key) => {
    if (asked !== undefined) {
      if (key.name === 'enter') search(undefined);
      else if (key.name === 'escape') {
        text.setSearch('');
        search(undefined);
      } else search(edited(asked, key) ?? asked);
      return;
    }
    if (moveBy(key.name, text)) return;
    switch (key.name) {
      case 'escape':
        if (text.search === '') onClose();
        else text.setSearch('');
        return;
      case 'q':
        return onClose();
      case 'space':
        return text.page(1);
      case '/':
        return search(editingOf(''));
      case 'n':
        return text.next(1);
      case 'N':
        return text.next(-1);
      case 'w':
        return text.toggleWrap();
      case 'y':
        return void console.copy(text.current);
      case 'Y':
        return void console.copy(rows.map(rowText).join('\n'));
    }
  };
  useKeyLayer(asked === undefined ? dialogHints.document : dialogHints.find, onKey, (pasted) => {
    if (asked !== undefined) search(inserted(asked, pasted));
  });
  return (
    <Modal
      title={title}
      note={[{ text: [note, text.position].filter((part) => part !== '').join(' · '), tone: 'dim' }]}
      width={area.width}
      height={area.height}
      area={area}
    >
      <Rows rows={[...text.visible, ...Array<Row>(height - text.visible.length).fill('')]} width={width} fill />
      {asked === undefined ? null : (
        <Rows
          rows={[[{ text: '/', tone: 'accent' }, ...editingSegments(asked, width - 1, { active: true })]]}
          width={width}
          fill
        />
      )}
    </Modal>
  );
}

/** A document that has to be read first. */
export function LoadedDocument({
  title,
  load,
  area,
  onClose,
}: {
  title: string;
  load: (signal: AbortSignal) => Promise<readonly Row[]>;
  area: Area;
  onClose: () => void;
}) {
  const { notices } = useConsole();
  const [rows, setRows] = useState<readonly Row[]>();
  const loading = useMemo<readonly Row[]>(() => [[{ text: 'Reading …', tone: 'dim' }]], []);
  useEffect(() => {
    const controller = new AbortController();
    load(controller.signal).then(
      (read) => {
        if (!controller.signal.aborted) setRows(read);
      },
      (error: unknown) => {
        if (controller.signal.aborted || isAborted(error, controller.signal)) return;
        const failure = failureOf(error);
        notices.record(failure, title);
        setRows(failureRows(failure, 200));
      },
    );
    return () => controller.abort();
  }, [load, notices, title]);
  return <DocumentDialogView title={title} rows={rows ?? loading} area={area} onClose={onClose} />;
}
