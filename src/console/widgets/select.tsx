import SelectInput from 'ink-select-input';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { printable } from '../../text/printable.ts';
import { width as cells } from '../../text/width.ts';
import { useConsole, useStore } from '../hooks.ts';
import type { Key } from '../keys.ts';
import type { Row } from '../row.ts';
import type { Choice } from '../stores/dialogs.ts';
import type { LayerHint } from '../stores/panes.ts';
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

const HINTS: readonly LayerHint[] = [['Enter', 'choose']];

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
  const focused = active && (inDialog || !covered);
  const at = useRef(Math.min(initial, Math.max(0, choices.length - 1)));
  const [start, setStart] = useState(at.current);
  // ink-select-input listens only some time after it is painted, and hears keys for some time after it is gone: keys
  // that come in a burst would be lost, or go to a list that nobody sees any more.
  const painted = `${focused} ${start}`;
  const heard = useRef('');
  const gone = useRef(false);
  useEffect(() => {
    heard.current = painted;
  }, [painted]);
  useLayoutEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
    };
  }, []);
  const highlight = (index: number) => {
    const choice = choices[index];
    if (choice === undefined) return;
    at.current = index;
    onHighlight?.(choice.value);
  };
  const early = ({ name }: Key) => {
    const by = name === 'j' || name === 'down' ? 1 : name === 'k' || name === 'up' ? -1 : 0;
    if (by !== 0) {
      if (choices.length === 0) return;
      highlight((at.current + by + choices.length) % choices.length);
      setStart(at.current);
    } else choose(name === 'enter' ? at.current : Number(name) - 1);
  };
  const latest = useRef({ early, painted });
  useLayoutEffect(() => {
    latest.current = { early, painted };
  });
  // It hears its keys itself; this keeps commands from hearing them too.
  useLayoutEffect(() => {
    if (!active || inDialog) return;
    return layers.push({
      hints: HINTS,
      takes: ({ name }) => TAKEN.test(name),
      onKey: (key) => {
        if (heard.current !== latest.current.painted) latest.current.early(key);
      },
    });
  }, [active, inDialog, layers]);
  const items = useMemo(() => choices.map((_, at) => ({ key: String(at), label: String(at), value: at })), [choices]);
  const labelWidth = useMemo(
    () => choices.reduce((widest, { label }) => Math.max(widest, cells(printable(label))), 0),
    [choices],
  );
  const Item = useCallback(
    ({ label, isSelected = false }: { label: string; isSelected?: boolean }) => (
      <Line row={choiceRow(choices[Number(label)], labelWidth, isSelected, width - 2)} width={Math.max(1, width - 2)} />
    ),
    [choices, labelWidth, width],
  );
  const choose = (index: number) => {
    const choice = choices[index];
    if (choice === undefined || gone.current) return;
    if (choice.disabled !== undefined) notices.flash(choice.disabled, 'warn');
    else onChoose(choice.value);
  };
  return (
    <SelectInput
      key={start}
      items={items}
      initialIndex={start}
      limit={rows}
      isFocused={focused}
      indicatorComponent={Indicator}
      itemComponent={Item}
      // Where it has no rows, it gives nothing all the same.
      onSelect={(item?: { value: number }) => choose(item?.value ?? -1)}
      onHighlight={(item?: { value: number }) => highlight(item?.value ?? -1)}
    />
  );
}

function Indicator({ isSelected = false }: { isSelected?: boolean }) {
  return <Line row={[{ text: isSelected ? '> ' : '  ', bold: true }]} width={2} fill />;
}

function choiceRow(choice: Choice | undefined, labelWidth: number, selected: boolean, width: number): Row {
  if (choice === undefined) return '';
  const { label, hint, tone, disabled } = choice;
  const own = cells(printable(label));
  // What is beside it stands in a column, unless it would be cut there.
  const beside = cells(printable(hint ?? disabled ?? ''));
  const column = Math.max(own, Math.min(labelWidth, width - 3 - beside));
  const gap = ' '.repeat(column - own + 3);
  return [
    { text: label, tone: disabled === undefined ? (tone ?? 'plain') : 'dim', bold: selected },
    ...(hint === undefined && disabled === undefined
      ? []
      : [{ text: `${gap}${hint ?? disabled ?? ''}`, tone: 'dim' } as const]),
  ];
}
