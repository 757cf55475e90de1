import { Box } from 'ink';
import { useMemo, useState } from 'react';
import { printable } from '../../text/printable.ts';
import { width as cells } from '../../text/width.ts';
import { formHints } from '../dialog-hints.ts';
import { type Editing, edited, editingOf, editingSegments, inserted } from '../editing.ts';
import { useKeyLayer } from '../hooks.ts';
import type { Key } from '../keys.ts';
import type { Row } from '../row.ts';
import type { Field } from '../stores/dialogs.ts';
import { Rows } from './text.tsx';

/** What a form is made of. */
export interface FormProps {
  readonly fields: readonly Field[];
  /** What Enter on the last field does. */
  readonly submit: string;
  readonly width: number;
  readonly onSubmit: (values: Readonly<Record<string, string>>) => void;
  readonly onCancel: () => void;
}

/** Rows that a form takes. */
export function formHeight(fields: readonly Field[]): number {
  return fields.length + 1;
}

/** Fields to fill in, which take all keys, told in the footer: Tab and arrows move, Enter goes on and at the end submits, Ctrl-S submits, Esc leaves. */
export function Form({ fields, submit, width, onSubmit, onCancel }: FormProps) {
  const [lines, setLines] = useState<readonly Editing[]>(() => fields.map(({ value }) => editingOf(value)));
  const [at, setAt] = useState(0);
  const [fault, setFault] = useState<string>();
  const values = Object.fromEntries(fields.map(({ id }, index) => [id, lines[index]?.value ?? '']));
  const field = fields[at];
  const line = lines[at];

  const change = (next: Editing) => {
    setLines(lines.with(at, next));
    setFault(undefined);
  };
  const move = (by: number) => {
    setAt((at + by + fields.length) % fields.length);
    setFault(undefined);
  };
  const enter = (submitting: boolean) => {
    const last = submitting || at === fields.length - 1;
    const checked = last ? fields : field === undefined ? [] : [field];
    for (const each of checked) {
      const wrong = each.check?.(values[each.id] ?? '', values);
      if (wrong !== undefined) {
        setAt(fields.indexOf(each));
        setFault(wrong);
        return;
      }
    }
    if (last) onSubmit(values);
    else move(1);
  };
  const onKey = (key: Key) => {
    if (field === undefined || line === undefined) return;
    if (key.name === 'escape') onCancel();
    else if (key.name === 'enter') enter(false);
    else if (key.name === 'ctrl+s') enter(true);
    else if (key.name === 'tab' || key.name === 'down') move(1);
    else if (key.name === 'shift+tab' || key.name === 'up') move(-1);
    else if (field.choices !== undefined) {
      const by = key.name === 'left' ? -1 : key.name === 'right' || key.name === 'space' ? 1 : 0;
      if (by !== 0) change(editingOf(stepped(field.choices, line.value, by)));
    } else {
      const step = suggested(field, line, key);
      const next = step ?? edited(line, key);
      if (next !== undefined) change(next);
    }
  };
  const last = at === fields.length - 1;
  const steps = field?.choices !== undefined || (field?.suggestions ?? []).length > 0;
  const hints = useMemo(() => formHints(submit, { last, steps }), [submit, last, steps]);
  useKeyLayer(hints, onKey, (text) => {
    if (line !== undefined && field?.choices === undefined) change(inserted(line, text));
  });

  const labelWidth = fields.reduce((widest, { label }) => Math.max(widest, cells(printable(label))), 0);
  const rows: Row[] = fields.map((each, index) => {
    const focused = index === at;
    const label = printable(each.label);
    const room = Math.max(1, width - labelWidth - 4);
    return [
      { text: focused ? '> ' : '  ', bold: true },
      { text: label + ' '.repeat(labelWidth - cells(label) + 2), tone: focused ? 'plain' : 'dim' },
      ...(each.choices === undefined
        ? editingSegments(lines[index] ?? editingOf(''), room, { ...each, active: focused })
        : [{ text: focused ? `‹ ${values[each.id]} ›` : `${values[each.id]}`, inverse: focused }]),
    ];
  });
  return (
    <Box flexDirection="column" width={width} height={formHeight(fields)} flexShrink={0}>
      <Rows rows={[...rows, remarkRow(fault, field)]} width={width} fill />
    </Box>
  );
}

function remarkRow(fault: string | undefined, field: Field | undefined): Row {
  if (fault !== undefined) return [{ text: `  ${fault}`, tone: 'error' }];
  return [{ text: field?.help === undefined ? '' : `  ${field.help}`, tone: 'dim' }];
}

function stepped(choices: readonly string[], value: string, by: number): string {
  const next = choices[(Math.max(0, choices.indexOf(value)) + by + choices.length) % choices.length];
  return next ?? value;
}

/** The value that left or right brings, where what stands there is empty or one of those suggested. */
function suggested({ suggestions = [] }: Field, { value, cursor }: Editing, { name }: Key): Editing | undefined {
  if (suggestions.length === 0 || cursor !== value.length) return undefined;
  const by = name === 'left' ? -1 : name === 'right' ? 1 : 0;
  if (by === 0) return undefined;
  if (value === '') return editingOf(suggestions.at(by === 1 ? 0 : -1) ?? '');
  const at = suggestions.indexOf(value);
  return at < 0 ? undefined : editingOf(suggestions[(at + by + suggestions.length) % suggestions.length] ?? value);
}
