import { useMemo } from 'react';
import type { Environment } from '../../../fleet/environments.ts';
import { readIngestions } from '../../../fleet/ingestions.ts';
import type { Column } from '../../../text/columns.ts';
import { useConsole, useRead, useViewState } from '../../hooks.ts';
import { useTable } from '../../use-table.ts';
import { TablePanel } from '../../widgets/table.tsx';
import type { EnvironmentState, TabProps } from './state.ts';

/** A log group of the environment, and who writes to it. */
interface GroupRow {
  readonly group: string;
  readonly writer: string;
  readonly level: string;
}

const columns: readonly Column<GroupRow>[] = [
  { id: 'group', title: 'LOG GROUP', priority: 1, cell: ({ group }) => ({ text: group, tone: 'accent' }) },
  { id: 'writer', title: 'WRITTEN BY', priority: 2, cell: ({ writer }) => ({ text: writer }) },
  { id: 'level', title: 'LEVEL', priority: 3, cell: ({ level }) => ({ text: level }) },
];

/** The log groups of Airflow's components and of the environment's ingestions. */
export function LogGroupsTab({ environment, width, height }: TabProps) {
  const { router } = useConsole();
  const read = useRead(
    `ingestions of ${environment.name}`,
    (session, signal) => readIngestions(session, environment, signal),
    60_000,
  );
  const ingestions = read.data?.ingestions;
  const rows = useMemo(() => {
    const byGroup = new Map<string, string[]>();
    for (const { dagId, logGroup } of ingestions ?? []) {
      if (logGroup !== undefined) byGroup.set(logGroup, [...(byGroup.get(logGroup) ?? []), dagId]);
    }
    return [
      ...airflowGroups(environment),
      ...[...byGroup].map(([group, dagIds]) => ({ group, writer: dagIds.join(', '), level: '' })),
    ];
  }, [environment, ingestions]);
  const polled = useMemo(
    () => ({ phase: 'ready' as const, data: rows, failure: undefined, readAt: 0, reading: false }),
    [rows],
  );
  const table = useTable<GroupRow>({
    pane: 'log-groups',
    title: `Log groups of ${environment.name}`,
    columns,
    key: ({ group }) => group,
    rows: polled,
    empty: `${environment.name} logs nothing to CloudWatch: its logging is switched off.`,
    open: ({ group }) => router.push({ kind: 'logs', groups: [group] }),
  });
  useViewState({ environment, group: table.selected?.group } satisfies EnvironmentState);
  return <TablePanel table={table} width={width} height={height} />;
}

function airflowGroups({ logGroups }: Environment): GroupRow[] {
  return Object.entries(logGroups).flatMap(([component, log]) =>
    log?.enabled && log.group !== undefined
      ? [{ group: log.group, writer: `Airflow ${component}`, level: log.level }]
      : [],
  );
}
