import { Box } from 'ink';
import { useState } from 'react';
import { printable } from '../../text/printable.ts';
import { width as cells } from '../../text/width.ts';
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
  /** Whether it takes the keys; no command fires meanwhile. */
  readonly active?: boolean;
  readonly onSubmit: (values: Readonly<Record<string, string>>) => void;
  readonly onCancel: () => void;
}

/** Rows that a form takes. */
export function formHeight(fields: readonly Field[]): number {
  return fields.length + 2;
}

/** Fields to fill in: Tab and arrows move, Enter goes on and at the end submits, Esc leaves. */
export function Form({ fields, submit, width, active = true, onSubmit, onCancel }: FormProps) {
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
  const enter = () => {
    const last = at === fields.length - 1;
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
    else if (key.name === 'enter') enter();
    else if (key.name === 'tab' || key.name === 'down') move(1);
    else if (key.name === 'shift+tab' || key.name === 'up') move(-1);
    else if (field.choices !== undefined) {
      const by = key.name === 'left' ? -1 : key.name === 'right' || key.name === 'space' ? 1 : 0;
      if (by !== 0) change(editingOf(stepped(field.choices, line.value, by)));
    } else {
      const next = edited(line, key);
      if (next !== undefined) change(next);
    }
  };
  useKeyLayer(active, onKey, (text) => {
    if (line !== undefined && field?.choices === undefined) change(inserted(line, text));
  });

  const labelWidth = fields.reduce((widest, { label }) => Math.max(widest, cells(printable(label))), 0);
  const rows: Row[] = fields.map((each, index) => {
    const focused = active && index === at;
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
      <Rows
        rows={[...rows, fault === undefined ? '' : [{ text: `  ${fault}`, tone: 'error' }], hintRow(submit)]}
        width={width}
        fill
      />
    </Box>
  );
}

function hintRow(submit: string): Row {
  return [{ text: `  Enter ${submit}   Tab next field   Esc leave`, tone: 'dim' }];
}

function stepped(choices: readonly string[], value: string, by: number): string {
  const next = choices[(Math.max(0, choices.indexOf(value)) + by + choices.length) % choices.length];
  return next ?? value;
}
