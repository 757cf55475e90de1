import SelectInput from 'ink-select-input';
import { useCallback, useLayoutEffect, useMemo } from 'react';
import { printable } from '../../text/printable.ts';
import { width as cells } from '../../text/width.ts';
import { useConsole, useStore } from '../hooks.ts';
import type { Row } from '../row.ts';
import type { Choice } from '../stores/dialogs.ts';
import { Line } from './text.tsx';

/** What a select is made of. */
export interface SelectProps<Value> {
  readonly choices: readonly Choice<Value>[];
  readonly initial?: number;
  readonly width: number;
  /** Rows it may take; the list scrolls beyond them. */
  readonly rows?: number;
  /** Whether it takes the keys: in a view `true` while no dialog is open, which it sees to itself. */
  readonly inDialog?: boolean;
  readonly active?: boolean;
  readonly onChoose: (value: Value) => void;
  readonly onHighlight?: (value: Value) => void;
}

const TAKEN = /^(?:j|k|up|down|enter|[1-9])$/;

/** A list to choose one from: arrows or j k, Enter or a digit. A choice that is disabled says why. */
export function Select<Value>({
  choices,
  initial = 0,
  width,
  rows = 10,
  inDialog = false,
  active = true,
  onChoose,
  onHighlight,
}: SelectProps<Value>) {
  const { layers, notices } = useConsole();
  const covered = useStore(layers, (state) => state.layers.some(({ takes }) => takes === undefined));
  // ink-select-input hears its keys itself; this keeps commands from hearing them too.
  useLayoutEffect(() => {
    if (!active || inDialog) return;
    return layers.push({ takes: ({ name }) => TAKEN.test(name), onKey: () => {} });
  }, [active, inDialog, layers]);
  const items = useMemo(() => choices.map((_, at) => ({ key: String(at), label: String(at), value: at })), [choices]);
  const labelWidth = useMemo(
    () => choices.reduce((widest, { label }) => Math.max(widest, cells(printable(label))), 0),
    [choices],
  );
  const Item = useCallback(
    ({ label, isSelected = false }: { label: string; isSelected?: boolean }) => (
      <Line row={choiceRow(choices[Number(label)], labelWidth, isSelected)} width={Math.max(1, width - 2)} />
    ),
    [choices, labelWidth, width],
  );
  const choose = (at: number) => {
    const choice = choices[at];
    if (choice === undefined) return;
    if (choice.disabled !== undefined) notices.flash(choice.disabled, 'warn');
    else onChoose(choice.value);
  };
  return (
    <SelectInput
      items={items}
      initialIndex={Math.min(initial, Math.max(0, choices.length - 1))}
      limit={rows}
      isFocused={active && (inDialog || !covered)}
      indicatorComponent={Indicator}
      itemComponent={Item}
      onSelect={(item) => choose(item.value)}
      onHighlight={(item) => {
        const choice = choices[item.value];
        if (choice !== undefined) onHighlight?.(choice.value);
      }}
    />
  );
}

function Indicator({ isSelected = false }: { isSelected?: boolean }) {
  return <Line row={[{ text: isSelected ? '> ' : '  ', bold: true }]} width={2} fill />;
}

function choiceRow(choice: Choice | undefined, labelWidth: number, selected: boolean): Row {
  if (choice === undefined) return '';
  const { label, hint, tone, disabled } = choice;
  const gap = ' '.repeat(Math.max(0, labelWidth - cells(printable(label))) + 3);
  return [
    { text: label, tone: disabled === undefined ? (tone ?? 'plain') : 'dim', bold: selected },
    ...(hint === undefined && disabled === undefined
      ? []
      : [{ text: `${gap}${hint ?? disabled ?? ''}`, tone: 'dim' } as const]),
  ];
}
