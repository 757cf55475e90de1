import { useMemo } from 'react';
import { readTaskDefinition, type TaskDefinition } from '../../fleet/task-definitions.ts';
import type { TaskContainer } from '../../fleet/tasks.ts';
import type { KnownTask } from '../../tasks/known-tasks.ts';
import { judge } from '../../tasks/verdict.ts';
import { age, dayTime, shortAge } from '../../text/ages.ts';
import { useNow, useRead } from '../hooks.ts';
import type { Row, Segment } from '../row.ts';
import { panelInnerWidth } from '../widgets/panel.tsx';
import { DetailPanel } from './detail-panel.tsx';
import { fieldRows } from './field-rows.ts';

/** Cells of the fields' names. */
const NAMES = 11;

/** A task's end or state in words, its containers with their ports, and where it runs. */
export function TaskDetail({ task, width, height }: { task: KnownTask; width: number; height: number }) {
  const now = useNow();
  const { data: definition } = useRead<TaskDefinition>(
    `task definition ${task.taskDefinition}`,
    (session, signal) => readTaskDefinition(session, task.taskDefinition, signal),
    Number.POSITIVE_INFINITY,
  );
  const inner = panelInnerWidth(width);
  const second = Math.floor(now / 1000) * 1000;
  const rows = useMemo(() => detailRows(task, definition, second, inner - 2), [task, definition, second, inner]);
  return <DetailPanel pane="task" title={task.id} rows={rows} width={width} height={height} />;
}

function detailRows(
  task: KnownTask,
  definition: TaskDefinition | undefined,
  now: number,
  columns: number,
): readonly Row[] {
  const field = (name: string, value: Row | undefined) =>
    value === undefined ? [] : fieldRows(name, value, { columns, names: NAMES });
  const size = [
    task.cpu === '' ? undefined : `${Number(task.cpu) / 1024} vCPU`,
    task.memory === '' ? undefined : `${task.memory} MiB`,
    task.capacityProvider ?? task.launchType,
    task.platformVersion,
  ];
  const place = [task.privateAddress, task.subnet, task.availabilityZone, task.networkInterface];
  return [
    ...stateRows(task, definition, now).flatMap(([name, value]) => field(name, value)),
    ...task.containers.flatMap((container) =>
      field('container', containerRow(container, definition, task.containers.length > 1)),
    ),
    ...field('network', words(place)),
    ...field('size', words(size)),
    ...field('definition', `${task.family}:${task.revision ?? '?'}`),
    ...field('started by', task.startedBy),
    ...field('run id', task.overrides.containers.flatMap(({ environment }) => environment.pipelineRunId ?? [])[0]),
    ...field(
      'created',
      task.createdAt === undefined ? undefined : `${dayTime(task.createdAt)}, ${shortAge(now - task.createdAt)} ago`,
    ),
  ];
}

function stateRows(task: KnownTask, definition: TaskDefinition | undefined, now: number): (readonly [string, Row])[] {
  if (task.lastStatus !== 'STOPPED') {
    const since = task.startedAt ?? task.createdAt;
    const text = `${task.lastStatus.toLowerCase()}${since === undefined ? '' : ` for ${age(now - since)}`}`;
    return [['state', [{ text, tone: 'running' }]]];
  }
  const essential = definition?.containers.filter((container) => container.essential).map(({ name }) => name);
  const roles = { main: undefined, essential: essential && new Set(essential) };
  const { ok, reason, advice } = task.record?.result ?? judge(task, roles);
  const when = task.stoppedAt === undefined ? '' : ` ${shortAge(now - task.stoppedAt)} ago`;
  return [
    ['stopped', [{ text: `${task.stopCode ?? ''}${when}`.trim() || 'stopped', tone: ok ? 'plain' : 'error' }]],
    // Before the raw text, which may be long.
    ...(advice === '' ? [] : [['check first', [{ text: advice, tone: 'warn' }]] as const]),
    ['reason', [{ text: reason, tone: ok ? 'ok' : 'plain' }]],
  ];
}

/** A container in one row; why it ended only among several, since that of a single one is the task's own reason. */
function containerRow(container: TaskContainer, definition: TaskDefinition | undefined, among: boolean): Row {
  const { name, image, lastStatus, exitCode, reason, health } = container;
  const known = definition?.containers.find((each) => each.name === name);
  const ports = known?.ports ?? [];
  const exit: Segment[] =
    exitCode === undefined ? [] : [{ text: `, exit ${exitCode}`, tone: exitCode === 0 ? 'ok' : 'error' }];
  return [
    { text: name, bold: true },
    { text: ` ${lastStatus.toLowerCase()}` },
    ...exit,
    { text: ports.length === 0 ? '' : `, ports ${ports.join(' ')}` },
    { text: known?.essential === false ? ', not essential' : '' },
    { text: health === undefined || health === 'UNKNOWN' ? '' : `, ${health.toLowerCase()}` },
    { text: `  ${image}`, tone: 'dim' },
    { text: reason === undefined || !among ? '' : `  ${reason}` },
  ];
}

function words(values: readonly (string | undefined)[]): string | undefined {
  const known = values.filter((value) => value !== undefined && value !== '');
  return known.length === 0 ? undefined : known.join(', ');
}
