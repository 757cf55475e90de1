import { Box } from 'ink';
import { useMemo } from 'react';
import type { Check, Plan } from '../../../deployment/plan.ts';
import type { Step } from '../../../deployment/step.ts';
import {
  ACTION_SIGNS,
  ACTION_TONES,
  actionCounts,
  byGravity,
  kindWords,
  verdictCounts,
} from '../../../deployment/step-words.ts';
import { amount } from '../../../text/amount.ts';
import type { Column } from '../../../text/columns.ts';
import { verdictTones } from '../../../text/verdict.ts';
import { useConsole } from '../../hooks.ts';
import type { Row } from '../../row.ts';
import { useTable } from '../../use-table.ts';
import { useTextPane } from '../../use-text-pane.ts';
import { Panel, panelInnerWidth } from '../../widgets/panel.tsx';
import { TablePanel } from '../../widgets/table.tsx';
import { diffRows } from '../diff-rows.ts';
import { hanging } from '../field-rows.ts';

const stepColumns: readonly Column<Step>[] = [
  {
    id: 'action',
    title: '',
    priority: 1,
    cell: ({ action }) => ({ text: ACTION_SIGNS[action], tone: ACTION_TONES[action] }),
  },
  { id: 'kind', title: 'STEP', priority: 1, cell: ({ kind }) => ({ text: kindWords(kind) }) },
  { id: 'resource', title: 'RESOURCE', priority: 1, cell: ({ resource }) => ({ text: resource, tone: 'accent' }) },
  {
    id: 'workers',
    title: 'WORKERS',
    priority: 2,
    cell: ({ restartsWorkers }) => (restartsWorkers ? { text: 'restarted', tone: 'error' } : { text: '' }),
  },
  { id: 'reason', title: 'WHY', priority: 3, cell: ({ reason }) => ({ text: reason, tone: 'dim' }) },
];

/** Rows of a panel around its content: a table has its head besides. */
const BORDERS = 2;
const HEAD = 1;
/** The share of the screen that what the checks have to say may take. */
const CHECKS_SHARE = 1 / 3;
const LEAST_DIFF = 5;

/** The plan before it is applied: steps, the selected one's diff, and what the checks say. */
export function ReviewStage({ plan, width, height }: { plan: Plan; width: number; height: number }) {
  const { dialogs } = useConsole();
  const inner = panelInnerWidth(width);
  const notes = useMemo(() => noteRows(plan, inner - 2), [plan, inner]);
  const notesHeight = Math.min(notes.length + BORDERS, Math.floor(height * CHECKS_SHARE));
  const tableHeight = Math.min(
    Math.max(1, plan.steps.length) + BORDERS + HEAD,
    Math.max(4, height - notesHeight - LEAST_DIFF),
  );
  const diffHeight = height - tableHeight - notesHeight;
  const restarts = plan.steps.some(({ restartsWorkers }) => restartsWorkers);
  const columns = useMemo(() => stepColumns.filter(({ id }) => restarts || id !== 'workers'), [restarts]);
  const rows = useMemo(
    () => ({ phase: 'ready' as const, data: plan.steps, failure: undefined, readAt: 0, reading: false }),
    [plan],
  );
  const table = useTable<Step>({
    pane: 'steps',
    title: `${plan.dagId} into ${plan.environment}`,
    note: actionCounts(plan.steps),
    columns,
    key: ({ id }) => id,
    rows,
    empty: 'Nothing to do: everything is as this deployment wants it. Esc goes back.',
    open: (step) => void dialogs.document({ title: step.resource, load: async () => stepRows(step) }),
    describe: async (step) => step,
  });
  const diff = useMemo(() => stepRows(table.selected), [table.selected]);
  const text = useTextPane({ pane: 'diff', rows: diff, width: inner, height: Math.max(1, diffHeight - BORDERS) });
  const checks = useTextPane({
    pane: 'checks',
    rows: notes,
    width: inner,
    height: Math.max(1, notesHeight - BORDERS),
    open: () =>
      void dialogs.document({
        title: `Checks: ${verdictCounts(plan.checks)}`,
        load: async () => byGravity(plan.checks).flatMap((check) => checkRows(check, inner - 2)),
      }),
  });
  const failed = plan.checks.some(({ verdict }) => verdict === 'fail');
  return (
    <Box flexDirection="column" width={width} height={height}>
      <TablePanel table={table} width={width} height={tableHeight} />
      <Panel
        title={
          table.selected === undefined ? 'No change' : `${kindWords(table.selected.kind)} ${table.selected.resource}`
        }
        note={text.position}
        rows={text.visible}
        width={width}
        height={diffHeight}
        focused={text.focused}
      />
      <Panel
        title={[{ text: `Checks: ${verdictCounts(plan.checks)}`, tone: failed ? 'error' : 'plain' }]}
        note={checks.position}
        rows={checks.visible}
        width={width}
        height={notesHeight}
        focused={checks.focused}
      />
    </Box>
  );
}

/** A step's diff, or its reason where it changes no text. */
function stepRows(step: Step | undefined): readonly Row[] {
  if (step === undefined) return [''];
  if (step.diff === '') return [step.reason];
  return diffRows(step.diff);
}

/** What is not well, gravest first: of the checks, then of the pipeline's lint. What passes is one row. */
function noteRows({ checks, findings }: Plan, columns: number): readonly Row[] {
  const passed = checks.filter(({ verdict }) => verdict === 'pass').length;
  return [
    ...byGravity(checks)
      .filter(({ verdict }) => verdict !== 'pass')
      .flatMap((check) => checkRows(check, columns)),
    ...findings.flatMap(({ line, key, message, advice }) => [
      ...hanging([{ text: 'pipeline ', tone: 'warn' }], `line ${line}, ${key}: ${message}`, columns),
      ...hanging([{ text: ' '.repeat(9) }], [{ text: advice, tone: 'dim' }], columns),
    ]),
    ...(passed === 0
      ? []
      : [
          [
            { text: 'pass     ', tone: verdictTones.pass },
            { text: `${amount(passed, 'check')}: Enter tells what each has seen` },
          ] satisfies Row,
        ]),
  ];
}

/** A check's evidence, and its advice where it does not pass. */
function checkRows({ verdict, evidence, advice }: Check, columns: number): readonly Row[] {
  return [
    ...hanging([{ text: `${verdict.padEnd(8)} `, tone: verdictTones[verdict] }], evidence, columns),
    ...(verdict === 'pass' || advice === ''
      ? []
      : hanging([{ text: ' '.repeat(9) }], [{ text: advice, tone: 'dim' }], columns)),
  ];
}
