import { useMemo } from 'react';
import type { Session } from '../../../aws/session.ts';
import type { Environment } from '../../../fleet/environments.ts';
import { readIngestions } from '../../../fleet/ingestions.ts';
import { type LogGroup, logGroups, readLogGroup } from '../../../fleet/log-groups.ts';
import type { Column } from '../../../text/columns.ts';
import { Failure } from '../../../text/failure.ts';
import { useConsole, useNow, useRead, useViewState } from '../../hooks.ts';
import { useTable } from '../../use-table.ts';
import { TableWithRemark } from '../table-with-remark.tsx';
import type { EnvironmentState, TabProps } from './state.ts';

/** A log group of the environment, and who writes to it. */
interface GroupRow {
  readonly group: string;
  readonly writer: string;
  /** Least severe that Airflow sends; empty where none is set. */
  readonly level: string;
  /** Undefined until it is read; null where there is none. */
  readonly found: LogGroup | null | undefined;
  readonly failure?: Failure | undefined;
}

/** How often the groups are read again, ms. */
const EVERY = 60_000;

/** The columns that a log group has anywhere, for a group that may not be there. */
const shared = logGroups.columns
  .filter(({ id }) => id === 'retention' || id === 'stored')
  .map(
    (column): Column<GroupRow> => ({
      ...column,
      cell: (row, now) =>
        row.found === undefined
          ? { text: row.failure === undefined ? '…' : '?', tone: 'dim' }
          : row.found === null
            ? { text: '-', tone: 'dim' }
            : column.cell(row.found, now),
      sortKey: (row) => (row.found == null ? -1 : (column.sortKey?.(row.found) ?? '')),
    }),
  );

const columns: readonly Column<GroupRow>[] = [
  {
    id: 'group',
    title: 'LOG GROUP',
    priority: 1,
    cell: ({ group, found }) => ({ text: group, tone: found === null ? 'dim' : 'accent' }),
  },
  { id: 'writer', title: 'WRITTEN BY', priority: 2, cell: ({ writer }) => ({ text: writer }) },
  { id: 'level', title: 'LEVEL', priority: 4, cell: ({ level }) => ({ text: level }) },
  ...shared,
];

/** The log groups of Airflow's components and of the environment's ingestions. */
export function LogGroupsTab({ environment, width, height }: TabProps) {
  const { router } = useConsole();
  const now = useNow();
  const watched = useRead<readonly GroupRow[]>(
    `log groups of ${environment.name} ${JSON.stringify(environment.logGroups)}`,
    (session, signal) => readGroups(session, environment, signal),
    EVERY,
  );
  const table = useTable<GroupRow>({
    pane: 'log-groups',
    title: `Log groups of ${environment.name}`,
    columns,
    key: ({ group }) => group,
    arn: ({ found }) => found?.arn,
    rows: watched,
    empty: `${environment.name} logs nothing to CloudWatch: its logging is switched off.`,
    open: (_row, chosen) => router.push({ kind: 'logs', groups: chosen.map(({ group }) => group) }),
    describe: async ({ found, group, writer, level }) => found ?? { group, writer, level },
    refresh: watched.refresh,
  });
  const { marked, selected } = table;
  const groups = useMemo(() => {
    const chosen = marked.length > 0 || selected === undefined ? marked : [selected];
    return chosen.map(({ group }) => group);
  }, [marked, selected]);
  useViewState({ environment, groups } satisfies EnvironmentState);
  const remark = useMemo(() => remarkOf(selected, now), [selected, now]);
  return <TableWithRemark table={table} remark={remark} width={width} height={height} />;
}

function remarkOf(row: GroupRow | undefined, now: number): string | undefined {
  if (row === undefined) return undefined;
  if (row.failure !== undefined) return `${row.failure.message} ${row.failure.advice ?? ''}`.trim();
  if (row.found === null) return `${row.group} is not there yet: it is made with its first line.`;
  return row.found === undefined ? undefined : logGroups.remark?.(row.found, now);
}

/** The names first, then what CloudWatch says of each. */
async function* readGroups(
  session: Session,
  environment: Environment,
  signal: AbortSignal,
): AsyncGenerator<readonly GroupRow[]> {
  const airflow = airflowGroups(environment);
  yield airflow;
  const { ingestions } = await readIngestions(session, environment, signal);
  const writers = new Map<string, string[]>();
  for (const { dagId, logGroup } of ingestions) {
    if (logGroup !== undefined) writers.set(logGroup, [...(writers.get(logGroup) ?? []), dagId]);
  }
  const all: readonly GroupRow[] = [
    ...airflow,
    ...[...writers].map(([group, dagIds]) => ({ group, writer: dagIds.join(', '), level: '', found: undefined })),
  ];
  yield all;
  yield await Promise.all(all.map((row) => completed(session, row, signal)));
}

async function completed(session: Session, row: GroupRow, signal: AbortSignal): Promise<GroupRow> {
  try {
    return { ...row, found: (await readLogGroup(session, row.group, signal)) ?? null };
  } catch (error) {
    if (!(error instanceof Failure) || signal.aborted) throw error;
    return { ...row, failure: error };
  }
}

const COMPONENTS: Readonly<Record<string, string>> = {
  dagProcessing: 'DAG processing',
  scheduler: 'scheduler',
  webserver: 'web server',
  worker: 'workers',
  task: 'tasks',
};

function airflowGroups({ logGroups: groups }: Environment): readonly GroupRow[] {
  return Object.entries(groups).flatMap(([component, log]) =>
    log?.enabled && log.group !== undefined
      ? [
          {
            group: log.group,
            writer: `Airflow's ${COMPONENTS[component] ?? component}`,
            level: log.level,
            found: undefined,
          },
        ]
      : [],
  );
}
