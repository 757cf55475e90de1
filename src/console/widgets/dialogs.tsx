import { useEffect, useMemo } from 'react';
import { runCommand } from '../commands.ts';
import type { Console } from '../console.ts';
import { useConsole, useStore } from '../hooks.ts';
import { actionChoices, callRows, errorRows, helpRows } from '../listings.ts';
import type { Row } from '../row.ts';
import type { Dialog, OpenDialog } from '../stores/dialogs.ts';
import { DocumentDialogView, LoadedDocument } from './document.tsx';
import type { Area } from './modal.tsx';
import { FindLine, Palette } from './palette.tsx';
import { ConfirmQuestion, FormQuestion, NameQuestion, SelectQuestion } from './questions.tsx';

/** The top dialog over an area; nothing where none is open. */
export function DialogLayer({ area }: { area: Area }) {
  const { dialogs } = useConsole();
  const top = useStore(dialogs, (state) => state.open.at(-1));
  return top === undefined ? null : <Shown key={top.id} open={top} area={area} />;
}

function Shown({ open: { dialog, answer }, area }: { open: OpenDialog; area: Area }) {
  const close = () => answer(undefined);
  switch (dialog.kind) {
    case 'confirm':
      return <ConfirmQuestion dialog={dialog} area={area} answer={answer} />;
    case 'name':
      return <NameQuestion dialog={dialog} area={area} answer={answer} />;
    case 'select':
      return <SelectQuestion dialog={dialog} area={area} answer={answer} />;
    case 'form':
      return <FormQuestion dialog={dialog} area={area} answer={answer} />;
    case 'document':
      return <LoadedDocument title={dialog.title} load={dialog.load} area={area} onClose={close} />;
    case 'palette':
      return <Palette area={area} onClose={close} />;
    case 'find':
      return <FindLine area={area} onClose={close} />;
    case 'actions':
      return <Actions area={area} onClose={close} />;
    default:
      return <Listing kind={dialog.kind} area={area} onClose={close} />;
  }
}

type ListingKind = Extract<Dialog['kind'], 'help' | 'errors' | 'calls'>;
const LISTINGS: Readonly<
  Record<ListingKind, { title: string; rows: (console: Console) => readonly Row[]; note?: string }>
> = {
  help: { title: 'Keys and commands', rows: helpRows },
  errors: { title: 'What went wrong', rows: errorRows },
  calls: { title: 'AWS calls made', rows: callRows, note: 'y copies a row' },
};

/** A document of what the console holds, as it was when it was opened. */
function Listing({ kind, area, onClose }: { kind: ListingKind; area: Area; onClose: () => void }) {
  const console = useConsole();
  const { title, rows, note } = LISTINGS[kind];
  const listed = useMemo(() => rows(console), [rows, console]);
  return <DocumentDialogView title={title} note={note} rows={listed} area={area} onClose={onClose} />;
}

/** The actions of the screen, to choose one. */
function Actions({ area, onClose }: { area: Area; onClose: () => void }) {
  const console = useConsole();
  const choices = useMemo(() => actionChoices(console), [console]);
  useEffect(() => {
    if (choices.length === 0) onClose();
  }, [choices, onClose]);
  return (
    <SelectQuestion
      dialog={{ kind: 'select', title: 'Actions', choices }}
      area={area}
      answer={(chosen) => {
        onClose();
        const command = choices.find(({ value }) => value === chosen)?.value;
        if (command !== undefined) void runCommand(command, console);
      }}
    />
  );
}
