import { Box } from 'ink';
import { useMemo } from 'react';
import { type Revision, revisions } from '../../fleet/revisions.ts';
import { taskDefinitionDiff } from '../../fleet/task-definition-diff.ts';
import { taskDefinitionJson } from '../../fleet/task-definitions.ts';
import type { CommandContext } from '../command.ts';
import type { Console } from '../console.ts';
import { describeRows } from '../describe.ts';
import { useConsole, useViewState } from '../hooks.ts';
import type { Row } from '../row.ts';
import { useResourceTable } from '../use-table.ts';
import { defineView, type ViewProps } from '../view.ts';
import { TablePanel } from '../widgets/table.tsx';
import { DetailPanel, detailHeight } from './detail-panel.tsx';
import { diffRows } from './diff-rows.ts';

/** What the screen's commands act on. */
interface TaskDefinitionState {
  readonly shown: readonly Revision[];
  readonly selected: Revision | undefined;
  readonly marked: readonly Revision[];
}

const NOT_READ: readonly Row[] = [[{ text: 'Only the newest revisions are read: d reads this one', tone: 'dim' }]];

function TaskDefinitionScreen({ route: { family }, width, height }: ViewProps<'task-definition'>) {
  const console = useConsole();
  const table = useResourceTable(
    revisions,
    { family },
    {
      title: `Revisions of ${family}`,
      empty: `There is no task definition ${family}.`,
      open: (revision) => {
        const pair = pairOf({ shown: table.shown, selected: revision, marked: table.marked });
        if (pair !== undefined) showDiff(console, pair);
      },
    },
  );
  const { selected } = table;
  useViewState({ shown: table.shown, selected, marked: table.marked } satisfies TaskDefinitionState);
  const rows = useMemo(
    () => (selected?.definition === undefined ? NOT_READ : describeRows(taskDefinitionJson(selected.definition))),
    [selected],
  );
  const details = detailHeight(height);
  return (
    <Box flexDirection="column" width={width} height={height}>
      <TablePanel table={table} width={width} height={height - details} />
      <DetailPanel
        pane="revision"
        title={selected === undefined ? family : `${family}:${selected.revision}`}
        rows={rows}
        width={width}
        height={details}
      />
    </Box>
  );
}

/** Which two are compared: the two that are marked, the marked one and the selected, or the selected and the one before. */
function pairOf({
  shown,
  selected,
  marked,
}: TaskDefinitionState): readonly [older: Revision, newer: Revision] | undefined {
  const [first, second] = marked.length > 0 ? marked : [selected];
  if (first === undefined || marked.length > 2) return undefined;
  const before = shown.filter(({ revision }) => revision < first.revision).sort((a, b) => b.revision - a.revision)[0];
  const other = second ?? (selected !== undefined && selected.arn !== first.arn ? selected : before);
  if (other === undefined || other.arn === first.arn) return undefined;
  return other.revision < first.revision ? [other, first] : [first, other];
}

function whyNoDiff({ state }: CommandContext<TaskDefinitionState>): string | undefined {
  if (state.marked.length > 2) return 'Mark two revisions: more can not be compared';
  return pairOf(state) === undefined ? 'There is no other revision to compare with' : undefined;
}

function showDiff(console: Console, [older, newer]: readonly [Revision, Revision]): void {
  const none: Row = [{ text: `Nothing differs between ${older.revision} and ${newer.revision}.`, tone: 'dim' }];
  void console.dialogs.document({
    title: `${older.family}: ${older.revision} to ${newer.revision}`,
    load: async (signal) => {
      const diff = await taskDefinitionDiff(console.openSession(), older.arn, newer.arn, signal);
      return diff === '' ? [none] : diffRows(diff);
    },
  });
}

/** A family's revisions, what the selected one says, and what changed between any two. */
export const taskDefinitionView = defineView<'task-definition', TaskDefinitionState>({
  kind: 'task-definition',
  initialState: { shown: [], selected: undefined, marked: [] },
  crumbs: ({ family }) => [family],
  Component: TaskDefinitionScreen,
  commands: [
    {
      id: 'compare',
      title: 'Compare the two marked revisions, or the selected one with the one before',
      keys: ['v'],
      where: 'task-definition',
      hint: 'compare',
      disabled: whyNoDiff,
      run: ({ console, state }) => {
        const pair = pairOf(state);
        if (pair !== undefined) showDiff(console, pair);
      },
    },
  ],
});
