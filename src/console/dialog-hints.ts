import type { Dialog } from './stores/dialogs.ts';
import type { LayerHint } from './stores/panes.ts';

const LEAVE: LayerHint = ['Esc', 'leave it'];
const TEXT: readonly LayerHint[] = [
  ['/', 'search'],
  ['y', 'copy row'],
  ['Y', 'copy all'],
  ['n', 'next'],
  ['N', 'before'],
  ['w', 'wrap'],
  ['Esc', 'close'],
];
const CHOICE: readonly LayerHint[] = [['Enter', 'choose'], ['1-9', 'choose at once'], LEAVE];

/** What the keys do in each dialog but a form, for the layer that takes them; how to leave it stands last. */
export const dialogHints: Readonly<Record<Exclude<Dialog['kind'], 'form'>, readonly LayerHint[]>> = {
  confirm: [['y', 'yes'], ['n', 'no'], LEAVE],
  name: [['Enter', 'go on'], LEAVE],
  select: CHOICE,
  actions: CHOICE,
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

/** What the keys do in a form whose end is `submit`: in its last field, and in one that has values to step through. */
export function formHints(
  submit: string,
  field: { readonly last: boolean; readonly steps: boolean },
): readonly LayerHint[] {
  const ends: readonly LayerHint[] = field.last
    ? [['Enter', submit]]
    : [
        ['Enter', 'next field'],
        ['Ctrl-S', submit],
      ];
  return [...ends, ...(field.steps ? [['← →', 'what is there'] as const] : []), LEAVE];
}
