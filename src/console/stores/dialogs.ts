import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Row } from '../row.ts';

/** Yes or no, for what is easy to undo. */
export interface ConfirmDialog {
  readonly kind: 'confirm';
  readonly title: string;
  readonly lines: readonly Row[];
  /** What yes does, such as `run the task`. */
  readonly yes: string;
  /** Painted red: it writes. */
  readonly writes: boolean;
}

/** A name to type, for what restarts workers or deletes. */
export interface NameDialog {
  readonly kind: 'name';
  readonly title: string;
  readonly lines: readonly Row[];
  /** What has to be typed, such as the environment's name. */
  readonly expected: string;
}

/** One thing to choose. */
export interface Choice<Value = unknown> {
  readonly label: string;
  readonly value: Value;
  /** Beside the label. */
  readonly hint?: string;
  readonly tone?: 'plain' | 'dim' | 'ok' | 'warn' | 'error' | 'running' | 'accent';
  /** Why it can't be chosen now; choosing it says so. */
  readonly disabled?: string | undefined;
}

export interface SelectDialog {
  readonly kind: 'select';
  readonly title: string;
  readonly lines?: readonly Row[];
  readonly choices: readonly Choice[];
  readonly initial?: number;
}

/** One line of a form. */
export interface Field {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  /** Values to step through with left and right; free text when absent. */
  readonly choices?: readonly string[];
  /** Values that are there already: left and right step through them, any other may be typed. */
  readonly suggestions?: readonly string[];
  /** Shown as dots. */
  readonly secret?: boolean;
  /** What it is for, shown while it has the focus. */
  readonly help?: string;
  /** Shown while the field is empty. */
  readonly placeholder?: string;
  /** Why a value will not do; undefined when it will. */
  readonly check?: (value: string, values: Readonly<Record<string, string>>) => string | undefined;
}

export interface FormDialog {
  readonly kind: 'form';
  readonly title: string;
  readonly lines?: readonly Row[];
  readonly fields: readonly Field[];
  /** What Enter on the last field does, such as `assume the role`. */
  readonly submit: string;
}

/** A text over the whole body, to scroll, search and copy. */
export interface DocumentDialog {
  readonly kind: 'document';
  readonly title: string;
  readonly load: (signal: AbortSignal) => Promise<readonly Row[]>;
}

/** What needs no data: it reads the console. */
export interface PlainDialog {
  readonly kind: 'help' | 'palette' | 'find' | 'actions' | 'errors' | 'calls';
}

export type Dialog = ConfirmDialog | NameDialog | SelectDialog | FormDialog | DocumentDialog | PlainDialog;

/** A dialog that is open; `answer` closes it. */
export interface OpenDialog {
  readonly id: number;
  readonly dialog: Dialog;
  readonly answer: (value: unknown) => void;
}

/** Modal dialogs, the top one last. Each call resolves when its dialog is closed; Esc is no, or undefined. */
export interface Dialogs extends StoreApi<{ readonly open: readonly OpenDialog[] }> {
  confirm(dialog: Omit<ConfirmDialog, 'kind'>): Promise<boolean>;
  name(dialog: Omit<NameDialog, 'kind'>): Promise<boolean>;
  select<Value>(
    dialog: Omit<SelectDialog, 'kind' | 'choices'> & { readonly choices: readonly Choice<Value>[] },
  ): Promise<Value | undefined>;
  form(dialog: Omit<FormDialog, 'kind'>): Promise<Readonly<Record<string, string>> | undefined>;
  document(dialog: Omit<DocumentDialog, 'kind'>): Promise<void>;
  show(kind: PlainDialog['kind']): Promise<void>;
  /** Closes all, as Esc would. */
  closeAll(): void;
}

export function createDialogs(): Dialogs {
  const store = createStore<{ readonly open: readonly OpenDialog[] }>()(() => ({ open: [] }));
  let lastId = 0;
  const open = <Answer>(dialog: Dialog): Promise<Answer | undefined> =>
    new Promise((resolve) => {
      lastId += 1;
      const id = lastId;
      const answer = (value: unknown) => {
        store.setState({ open: store.getState().open.filter((each) => each.id !== id) });
        // Each dialog's widget answers with what its kind promises.
        resolve(value as Answer | undefined);
      };
      store.setState({ open: [...store.getState().open, { id, dialog, answer }] });
    });
  return {
    ...store,
    confirm: async (dialog) => (await open<boolean>({ kind: 'confirm', ...dialog })) === true,
    name: async (dialog) => (await open<boolean>({ kind: 'name', ...dialog })) === true,
    select: (dialog) => open({ kind: 'select', ...dialog }),
    form: (dialog) => open({ kind: 'form', ...dialog }),
    document: async (dialog) => {
      await open({ kind: 'document', ...dialog });
    },
    show: async (kind) => {
      await open({ kind });
    },
    closeAll: () => {
      for (const each of [...store.getState().open].reverse()) each.answer(undefined);
    },
  };
}
