import { Box } from 'ink';
import { useEffect, useState } from 'react';
import { commandsOf, currentView, runCommand } from '../commands.ts';
import { argumentChoices, missingArgument, readEntered } from '../completion.ts';
import { dialogHints } from '../dialog-hints.ts';
import { edited, editingOf, editingSegments, inserted } from '../editing.ts';
import { useConsole, useKeyLayer, useStore } from '../hooks.ts';
import type { Row } from '../row.ts';
import type { Area } from './modal.tsx';
import { Rows } from './text.tsx';

const LISTED = 8;

/** The `:` line: commands and their arguments by name, with completion (Tab) and history (arrows). */
export function Palette({ area, onClose }: { area: Area; onClose: () => void }) {
  const console = useConsole();
  const [line, setLine] = useState(() => editingOf(''));
  const [values, setValues] = useState<readonly string[]>([]);
  const entered = useStore(console.entered, ({ lines }) => lines);
  // How far back of the line that was being typed, and what it began with: only what begins so is recalled.
  const [recalled, setRecalled] = useState({ back: 0, stem: '' });
  useEffect(() => console.entered.load(), [console]);
  const commands = commandsOf(currentView(console));
  const { value } = line;
  useEffect(() => {
    let current = true;
    void argumentChoices(value, commandsOf(currentView(console)), console)
      .catch(() => [])
      .then((choices) => {
        if (current) setValues(choices);
      });
    return () => {
      current = false;
    };
  }, [value, console]);

  const { command, words, completions } = readEntered(value, commands, values);
  const best = completions.find((each) => each.line.startsWith(value) && each.line !== value);
  const type = (next: typeof line) => {
    setLine(next);
    setRecalled({ back: 0, stem: '' });
  };
  const recall = (by: number) => {
    const stem = recalled.back === 0 ? value : recalled.stem;
    const lines = entered.filter((each) => each.startsWith(stem));
    const back = Math.max(0, Math.min(lines.length, recalled.back + by));
    setRecalled({ back, stem });
    setLine(editingOf(back === 0 ? stem : (lines.at(-back) ?? stem)));
  };
  const enter = () => {
    if (value.trim() === '') return onClose();
    if (command === undefined) {
      console.notices.flash(`There is no command ${value.trim().split(/\s/)[0]}`, 'warn');
      return;
    }
    const missing = missingArgument(command, words);
    if (missing !== undefined) {
      type(editingOf(`${command.id} `));
      console.notices.flash(`${command.id} needs: ${missing}`, 'warn');
      return;
    }
    console.entered.add([command.id, ...words].join(' '));
    onClose();
    void runCommand(command, console, words);
  };
  useKeyLayer(
    dialogHints.palette,
    (key) => {
      if (key.name === 'escape') onClose();
      else if (key.name === 'enter') enter();
      else if (key.name === 'tab' || (key.name === 'right' && line.cursor === value.length)) {
        const completion = best ?? completions[0];
        if (completion !== undefined) type(editingOf(`${completion.line} `));
      } else if (key.name === 'up') recall(1);
      else if (key.name === 'down') recall(-1);
      else if (key.name === 'backspace' && value === '') onClose();
      else type(edited(line, key) ?? line);
    },
    (text) => type(inserted(line, text)),
  );

  const listed = completions.slice(0, Math.min(LISTED, area.height - 1));
  const idWidth = listed.reduce((widest, each) => Math.max(widest, each.line.length), 0) + 2;
  const rows: Row[] = listed.map((each) => [
    { text: ` ${each.line.padEnd(idWidth)}`, tone: each.writes ? 'error' : 'accent' },
    { text: each.title, tone: 'dim' },
  ]);
  const ghost = best === undefined ? '' : best.line.slice(value.length);
  rows.push([
    { text: ':', tone: 'accent', bold: true },
    ...editingSegments(line, area.width - 1, { active: true, ghost }),
  ]);
  return <Anchored rows={rows} area={area} />;
}

/** The `/` line of the focused pane: a table is filtered, a text searched, as it is typed. */
export function FindLine({ area, onClose }: { area: Area; onClose: () => void }) {
  const console = useConsole();
  const pane = () => {
    const { panes } = console.panes.getState();
    const { focus } = console.router.place();
    return panes.find((each) => each.id === focus) ?? panes[0];
  };
  const [line, setLine] = useState(() => editingOf(pane()?.find?.text ?? ''));
  const change = (next: typeof line) => {
    setLine(next);
    pane()?.find?.set(next.value);
  };
  useKeyLayer(
    dialogHints.find,
    (key) => {
      if (key.name === 'escape') {
        pane()?.find?.set('');
        onClose();
      } else if (key.name === 'enter') {
        pane()?.find?.done?.();
        onClose();
      } else if (key.name === 'up') pane()?.move(-1);
      else if (key.name === 'down') pane()?.move(1);
      else if (key.name === 'backspace' && line.value === '') onClose();
      else {
        const next = edited(line, key);
        if (next !== undefined) change(next);
      }
    },
    (text) => change(inserted(line, text)),
  );
  return (
    <Anchored
      rows={[[{ text: '/', tone: 'accent', bold: true }, ...editingSegments(line, area.width - 1, { active: true })]]}
      area={area}
    />
  );
}

/** Rows over the foot of an area. */
function Anchored({ rows, area }: { rows: readonly Row[]; area: Area }) {
  return (
    <Box position="absolute" marginTop={area.height - rows.length} width={area.width} height={rows.length}>
      <Rows rows={rows} width={area.width} fill />
    </Box>
  );
}
