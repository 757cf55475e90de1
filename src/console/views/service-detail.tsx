import { useMemo } from 'react';
import type { Deployment, Service } from '../../fleet/services.ts';
import { clockTime, shortAge } from '../../text/ages.ts';
import type { Tone } from '../../text/columns.ts';
import { useNow } from '../hooks.ts';
import type { Row } from '../row.ts';
import { panelInnerWidth } from '../widgets/panel.tsx';
import { DetailPanel } from './detail-panel.tsx';
import { fieldRows } from './field-rows.ts';

/** Cells of the fields' names. */
const NAMES = 11;
/** DescribeServices gives the last 100 events; the newest say what is wrong. */
const EVENTS = 30;

const ROLLOUT_TONES: Readonly<Record<string, Tone>> = { COMPLETED: 'ok', FAILED: 'error', IN_PROGRESS: 'running' };

/** A service's deployments, revision by revision, and its own last words. */
export function ServiceDetail({ service, width, height }: { service: Service; width: number; height: number }) {
  const now = useNow();
  const inner = panelInnerWidth(width);
  const minute = Math.floor(now / 60_000) * 60_000;
  const rows = useMemo(() => detailRows(service, minute, inner - 2), [service, minute, inner]);
  return <DetailPanel pane="service" title={service.name} rows={rows} width={width} height={height} />;
}

function detailRows({ deployments, events, targets }: Service, now: number, columns: number): readonly Row[] {
  const field = (name: string, value: Row) => fieldRows(name, value, { columns, names: NAMES });
  return [
    ...deployments.flatMap((deployment) => field('deployment', deploymentRow(deployment, now))),
    ...(targets.length === 0 ? [] : field('targets', targets.join(', '))),
    ...events
      .slice(0, EVENTS)
      .flatMap(({ at, message }) =>
        field(at === undefined ? 'event' : `${clockTime(at, 'local', 'minutes')} ${shortAge(now - at)}`, message),
      ),
    ...(events.length === 0 ? field('event', [{ text: 'none', tone: 'dim' }]) : []),
  ];
}

function deploymentRow(deployment: Deployment, now: number): Row {
  const { status, taskDefinition, desiredCount, runningCount, pendingCount, failedTasks } = deployment;
  const { rolloutState, rolloutStateReason, createdAt } = deployment;
  return [
    { text: taskDefinition.split('/').at(-1) ?? '', bold: true },
    { text: ` ${status.toLowerCase()}, ${runningCount} of ${desiredCount} running` },
    { text: pendingCount === 0 ? '' : `, ${pendingCount} pending` },
    { text: failedTasks === 0 ? '' : `, ${failedTasks} failed`, tone: 'error' },
    ...(rolloutState === undefined
      ? []
      : [
          { text: ', ' },
          { text: rolloutState.toLowerCase().replaceAll('_', ' '), tone: ROLLOUT_TONES[rolloutState] ?? 'plain' },
        ]),
    { text: createdAt === undefined ? '' : `, begun ${shortAge(now - createdAt)} ago`, tone: 'dim' },
    { text: rolloutStateReason === undefined ? '' : `  ${rolloutStateReason}`, tone: 'dim' },
  ];
}
