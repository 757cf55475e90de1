import { useState } from 'react';
import { dialogHints } from '../dialog-hints.ts';
import { edited, editingOf, editingSegments, inserted } from '../editing.ts';
import { useConsole, useKeyLayer } from '../hooks.ts';
import { type Row, rowWidth } from '../row.ts';
import type { ConfirmDialog, FormDialog, NameDialog, SelectDialog } from '../stores/dialogs.ts';
import { wrapRow } from '../use-document.ts';
import { Form, formHeight } from './form.tsx';
import { type Area, Modal } from './modal.tsx';
import { Select } from './select.tsx';
import { Rows } from './text.tsx';

/** What each dialog gets: what it asks, where it may be, and how it ends. */
interface Asking<Question> {
  readonly dialog: Question;
  readonly area: Area;
  readonly answer: (value: unknown) => void;
}

/** Yes or no. A write wants its `y`: Enter, which fingers press by themselves, says so. */
export function ConfirmQuestion({ dialog, area, answer }: Asking<ConfirmDialog>) {
  const { notices } = useConsole();
  const width = modalWidth(area, [dialog.title, ...dialog.lines, dialog.yes + ' '.repeat(24)]);
  const { shown, scrolls } = useLines(dialog.lines, width, area.height - 5, 'j k Space');
  useKeyLayer(dialogHints.confirm, ({ name }) => {
    if (scrolls(LETTERS[name] ?? name)) return;
    if (name === 'y' || (name === 'enter' && !dialog.writes)) answer(true);
    else if (name === 'enter') notices.flash(`y to ${dialog.yes}, n to leave it`, 'warn');
    else if (name === 'n' || name === 'q' || name === 'escape') answer(false);
  });
  const tone = dialog.writes ? 'error' : 'accent';
  const keys: Row = [
    { text: 'y', tone, bold: true },
    { text: ` ${dialog.yes}`, tone },
    { text: '   n', bold: true },
    { text: ' leave it' },
  ];
  return (
    <Modal title={[{ text: dialog.title, tone }]} width={width} height={shown.length + 4} area={area}>
      <Rows rows={[...shown, '', keys]} width={width - 4} fill />
    </Modal>
  );
}

/** Keys that move as others do where nothing is typed. */
const LETTERS: Readonly<Record<string, string>> = { j: 'down', k: 'up', space: 'pagedown' };

/** What a question tells, in `most` rows: where not all fits, one of them says what is shown of it and which keys move it. */
function useLines(
  rows: readonly Row[],
  width: number,
  most: number,
  keys: string,
): { readonly shown: readonly Row[]; readonly scrolls: (key: string) => boolean } {
  const [from, setFrom] = useState(0);
  const lines = wrapped(rows, width, Number.POSITIVE_INFINITY);
  const room = Math.max(1, lines.length <= most ? most : most - 1);
  const last = Math.max(0, lines.length - room);
  const top = Math.min(from, last);
  const steps: Readonly<Record<string, number>> = { down: 1, up: -1, pagedown: room, pageup: -room };
  const told = `${top + 1}-${top + room} of ${lines.length} lines: ${keys}`;
  return {
    shown: last === 0 ? lines : [...lines.slice(top, top + room), [{ text: told, tone: 'dim' }]],
    scrolls: (key) => {
      const by = steps[key];
      if (by !== undefined) setFrom(Math.max(0, Math.min(last, top + by)));
      return by !== undefined;
    },
  };
}

/** The name of what is about to be changed, typed. */
export function NameQuestion({ dialog, area, answer }: Asking<NameDialog>) {
  const [line, setLine] = useState(() => editingOf(''));
  const [wrong, setWrong] = useState(false);
  const width = modalWidth(area, [dialog.title, ...dialog.lines, `Type ${dialog.expected} to go on, Esc to leave it.`]);
  const { shown, scrolls } = useLines(dialog.lines, width, area.height - 6, '↑ ↓ PgDn');
  useKeyLayer(
    dialogHints.name,
    (key) => {
      if (scrolls(key.name)) return;
      if (key.name === 'escape') answer(false);
      else if (key.name === 'enter') {
        if (line.value === dialog.expected) answer(true);
        else setWrong(true);
      } else {
        setLine(edited(line, key) ?? line);
        setWrong(false);
      }
    },
    (text) => setLine(inserted(line, text)),
  );
  const ask: Row = [
    { text: 'Type ', tone: wrong ? 'error' : 'plain' },
    { text: dialog.expected, bold: true, tone: 'error' },
    { text: ' to go on, Esc to leave it.', tone: wrong ? 'error' : 'plain' },
  ];
  return (
    <Modal title={[{ text: dialog.title, tone: 'error' }]} width={width} height={shown.length + 5} area={area}>
      <Rows
        rows={[...shown, '', ask, [{ text: '> ' }, ...editingSegments(line, width - 6, { active: true })]]}
        width={width - 4}
        fill
      />
    </Modal>
  );
}

/** One thing to choose. */
export function SelectQuestion({ dialog, area, answer }: Asking<SelectDialog>) {
  useKeyLayer(dialogHints.select, ({ name }) => {
    if (name === 'escape' || name === 'q') answer(undefined);
  });
  const hints = dialog.choices.map(({ label, hint, disabled }) => `${label}     ${hint ?? disabled ?? ''}`);
  const width = modalWidth(area, [dialog.title, ...(dialog.lines ?? []), ...hints.map((hint) => `  ${hint}`)]);
  const lines = wrapped(dialog.lines ?? [], width, Math.floor(area.height / 2));
  const rows = Math.max(1, Math.min(dialog.choices.length, area.height - lines.length - 2));
  return (
    <Modal title={dialog.title} width={width} height={lines.length + rows + 2} area={area}>
      <Rows rows={lines} width={width - 4} fill />
      <Select
        choices={dialog.choices}
        initial={dialog.initial ?? 0}
        width={width - 4}
        rows={rows}
        inDialog
        onChoose={answer}
      />
    </Modal>
  );
}

/** Fields to fill in. */
export function FormQuestion({ dialog, area, answer }: Asking<FormDialog>) {
  const width = Math.min(area.width, Math.max(60, modalWidth(area, [dialog.title, ...(dialog.lines ?? [])])));
  const lines = wrapped(dialog.lines ?? [], width, area.height - formHeight(dialog.fields) - 2);
  return (
    <Modal title={dialog.title} width={width} height={lines.length + formHeight(dialog.fields) + 2} area={area}>
      <Rows rows={lines} width={width - 4} fill />
      <Form
        fields={dialog.fields}
        submit={dialog.submit}
        width={width - 4}
        onSubmit={answer}
        onCancel={() => answer(undefined)}
      />
    </Modal>
  );
}

/** As wide as its widest row needs, within the area. */
function modalWidth(area: Area, rows: readonly Row[]): number {
  const widest = rows.reduce<number>((most, row) => Math.max(most, rowWidth(row)), 0);
  return Math.min(area.width, Math.max(40, Math.min(100, widest + 6)));
}

function wrapped(rows: readonly Row[], width: number, most: number): readonly Row[] {
  return rows.flatMap((row) => wrapRow(row, width - 4, true)).slice(0, Math.max(0, most));
}
