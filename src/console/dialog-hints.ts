import type { Dialog } from './stores/dialogs.ts';
import type { LayerHint } from './stores/panes.ts';

const LEAVE: LayerHint = ['Esc', 'leave it'];
const TEXT: readonly LayerHint[] = [
  ['/', 'search'],
  ['n', 'next'],
  ['N', 'before'],
  ['w', 'wrap'],
  ['y', 'copy row'],
  ['Y', 'copy all'],
  ['Esc', 'close'],
];
const CHOICE: readonly LayerHint[] = [['Enter', 'choose'], ['1-9', 'choose at once'], LEAVE];

/** What the keys do in each dialog, for the layer that takes them; how to leave it stands last. */
export const dialogHints: Readonly<Record<Dialog['kind'], readonly LayerHint[]>> = {
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
