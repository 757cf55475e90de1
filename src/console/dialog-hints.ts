import type { Dialog } from './stores/dialogs.ts';

/** A key and what it does, for the footer. */
export type DialogHint = readonly [key: string, word: string];

const LEAVE: DialogHint = ['Esc', 'leave it'];
const TEXT: readonly DialogHint[] = [
  ['Esc', 'close'],
  ['w', 'wrap'],
  ['y', 'copy row'],
  ['Y', 'copy all'],
  ['/', 'search'],
  ['n', 'next'],
  ['N', 'before'],
];
const CHOICE: readonly DialogHint[] = [['Enter', 'choose'], ['1-9', 'choose at once'], LEAVE];

/** What the keys do in each dialog, the last first to go where there is no room. */
export const dialogHints: Readonly<Record<Dialog['kind'], readonly DialogHint[]>> = {
  confirm: [['y', 'yes'], ['n', 'no'], LEAVE],
  name: [['Enter', 'go on'], LEAVE],
  select: CHOICE,
  actions: CHOICE,
  form: [['Tab', 'next field'], ['Ctrl-S', 'all of it'], LEAVE],
  palette: [['Enter', 'run'], ['Tab', 'complete'], ['↑', 'entered before'], LEAVE],
  find: [
    ['Enter', 'keep'],
    ['Esc', 'clear'],
  ],
  document: TEXT,
  help: TEXT,
  errors: TEXT,
  calls: TEXT,
};
