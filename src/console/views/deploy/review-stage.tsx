import { Box } from 'ink';
import { useMemo } from 'react';
import type { Check, Plan } from '../../../deployment/plan.ts';
import type { Step } from '../../../deployment/step.ts';
import type { Column, Tone } from '../../../text/columns.ts';
import type { Row } from '../../row.ts';
import { useTable } from '../../use-table.ts';
import { useTextPane } from '../../use-text-pane.ts';
import { Panel, panelInnerWidth } from '../../widgets/panel.tsx';
import { TablePanel } from '../../widgets/table.tsx';
import { Rows } from '../../widgets/text.tsx';

const SIGN = { create: '+', update: '~', delete: '-', wait: '·' } as const;
const SIGN_TONE = { create: 'ok', update: 'warn', delete: 'error', wait: 'dim' } as const;

/** A plan's steps as a table; the cockpit shows the same ones. */
export const stepColumns: readonly Column<Step>[] = [
  {
    id: 'action',
    title: '',
    priority: 1,
    cell: ({ action }) => ({ text: SIGN[action], tone: SIGN_TONE[action] }),
  },
  { id: 'kind', title: 'STEP', priority: 1, cell: ({ kind }) => ({ text: kind }) },
  { id: 'resource', title: 'RESOURCE', priority: 1, cell: ({ resource }) => ({ text: resource }) },
  { id: 'reason', title: 'WHY', priority: 2, cell: ({ reason }) => ({ text: reason, tone: 'dim' }) },
  {
    id: 'workers',
    title: 'WORKERS',
    priority: 3,
    cell: ({ restartsWorkers }) => (restartsWorkers ? { text: 'restarted', tone: 'error' } : { text: '' }),
  },
];

/** The plan before it is applied: steps, the selected one's diff, and what the checks say. */
export function ReviewStage({ plan, width, height }: { plan: Plan; width: number; height: number }) {
  const notes = useMemo(() => noteRows(plan), [plan]);
  const shownNotes = notes.slice(0, Math.max(1, Math.floor(height / 4)));
  const tableHeight = Math.min(plan.steps.length + 3, Math.floor((height - shownNotes.length) / 2));
  const rows = useMemo(
    () => ({ phase: 'ready' as const, data: plan.steps, failure: undefined, readAt: 0, reading: false }),
    [plan],
  );
  const table = useTable<Step>({
    pane: 'steps',
    title: `Plan for ${plan.environment}: ${plan.dagId}`,
    columns: stepColumns,
    key: ({ id }) => id,
    rows,
    empty: 'Nothing to do: everything is as this deployment wants it. Esc goes back.',
  });
  const diff = useMemo(() => diffRows(table.selected), [table.selected]);
  const diffHeight = height - tableHeight - shownNotes.length;
  const text = useTextPane({ pane: 'diff', rows: diff, width: panelInnerWidth(width), height: diffHeight - 2 });
  return (
    <Box flexDirection="column" width={width} height={height}>
      <TablePanel table={table} width={width} height={tableHeight} />
      <Panel
        title={table.selected?.resource ?? 'No change'}
        note={text.position}
        rows={text.visible}
        width={width}
        height={diffHeight}
        focused={text.focused}
      />
      <Rows rows={shownNotes} width={width} />
    </Box>
  );
}

function diffRows(step: Step | undefined): readonly Row[] {
  if (step === undefined) return [''];
  if (step.diff === '') return [step.reason];
  return step.diff
    .trimEnd()
    .split('\n')
    .map((line): Row => [{ text: line, tone: diffTone(line) }]);
}

function diffTone(line: string): Tone {
  if (line.startsWith('+++') || line.startsWith('---')) return 'dim';
  if (line.startsWith('+')) return 'ok';
  if (line.startsWith('-')) return 'error';
  return line.startsWith('@@') ? 'running' : 'plain';
}

const VERDICT_TONE: Record<Check['verdict'], Tone> = { pass: 'ok', warning: 'warn', fail: 'error', unknown: 'dim' };
const GRAVITY: readonly Check['verdict'][] = ['fail', 'warning', 'unknown', 'pass'];

/** What the checks and the pipeline's lint have to say, gravest first. */
export function noteRows({ checks, findings }: Plan): readonly Row[] {
  const counts = GRAVITY.map(
    (verdict) => [checks.filter((check) => check.verdict === verdict).length, verdict] as const,
  )
    .filter(([count]) => count > 0)
    .map(([count, verdict]) => `${count} ${verdict}`);
  const open = checks
    .filter(({ verdict }) => verdict !== 'pass')
    .sort((a, b) => GRAVITY.indexOf(a.verdict) - GRAVITY.indexOf(b.verdict));
  return [
    [
      {
        text: ` Checks: ${counts.join(', ')}`,
        tone: checks.some(({ verdict }) => verdict === 'fail') ? 'error' : 'plain',
      },
    ],
    ...open.map(
      ({ verdict, evidence, advice }): Row => [
        { text: ` ${verdict}  `, tone: VERDICT_TONE[verdict] },
        { text: evidence },
        { text: advice === '' ? '' : `  ${advice}`, tone: 'dim' },
      ],
    ),
    ...findings.map(
      ({ line, key, message }): Row => [
        { text: ' pipeline  ', tone: 'warn' },
        { text: `line ${line}, ${key}: ${message}` },
      ],
    ),
  ];
}
