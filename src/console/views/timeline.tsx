import { Box } from 'ink';
import { type Incident, type IncidentEvent, readIncident } from '../../deployment/incident-timeline.ts';
import { readEnvironment } from '../../fleet/environments.ts';
import { readIngestion } from '../../fleet/ingestions.ts';
import { dayTime, isoTime } from '../../text/ages.ts';
import type { Column } from '../../text/columns.ts';
import { Failure } from '../../text/failure.ts';
import { useConsole, useRead, useViewState } from '../hooks.ts';
import type { RouteOf } from '../routes.ts';
import type { Polled } from '../stores/poller.ts';
import { useTable } from '../use-table.ts';
import { defineView, type ViewProps } from '../view.ts';
import { TableWithRemark } from './table-with-remark.tsx';

/** How often the sources are read, ms. */
const EVERY = 60_000;
/** A log is opened a little before its line, ms. */
const BEFORE = 60_000;

const columns: readonly Column<IncidentEvent>[] = [
  { id: 'at', title: 'WHEN', priority: 1, cell: ({ at }) => ({ text: dayTime(at) }), sortKey: ({ at }) => at },
  { id: 'source', title: 'SOURCE', priority: 2, cell: ({ source }) => ({ text: source, tone: 'dim' }) },
  { id: 'event', title: 'EVENT', priority: 1, cell: ({ text, tone }) => ({ text, tone }) },
];

function Timeline({ route, width, height }: ViewProps<'timeline'>) {
  const { router, records } = useConsole();
  const { environment: name, dagId } = route;
  const read = useRead<Incident & { readonly airflowVersion: string }>(
    `timeline of ${name} ${dagId}`,
    async function* (session, signal) {
      const environment = await readEnvironment(session, name, signal);
      const ingestion = await readIngestion(session, environment, dagId, signal);
      if (ingestion === undefined) {
        throw new Failure('not-found', `${name} has no ingestion ${dagId}.`, {
          advice: 'Esc, then 2 lists what it has.',
        });
      }
      for await (const incident of readIncident(session, environment, ingestion, records, signal)) {
        yield { ...incident, airflowVersion: environment.airflowVersion };
      }
    },
    EVERY,
  );
  const { data } = read;
  const table = useTable<IncidentEvent>({
    pane: 'timeline',
    title: `timeline of ${dagId}, one day`,
    columns,
    key: ({ at, source, text }) => `${at} ${source} ${text}`,
    rows: { ...read, data: data?.events } satisfies Polled<readonly IncidentEvent[]>,
    empty: `Nothing happened to ${dagId} within a day: no run, no task, no deployment, no error.`,
    open: (event) => router.push(targetRoute(event, route, data?.airflowVersion ?? '')),
    arn: ({ target }) => (target.kind === 'task' ? target.arn : undefined),
    describe: async ({ at, source, text, target }) => ({ at: isoTime(at), source, text, ...target }),
    attention: ({ tone, text }) => (tone === 'error' ? text : undefined),
    refresh: read.refresh,
  });
  useViewState(undefined);
  const unread = data?.failures[0];
  const remark = unread === undefined ? table.selected?.text : `Not all could be read: ${unread.message}`;
  return (
    <Box width={width} height={height}>
      <TableWithRemark table={table} remark={remark} width={width} height={height} />
    </Box>
  );
}

/** Where an event leads: to the run, the task, the deployment or the line that it tells of. */
function targetRoute(
  { at, target }: IncidentEvent,
  { environment, dagId }: RouteOf<'timeline'>,
  airflowVersion: string,
) {
  switch (target.kind) {
    case 'environment':
      return { kind: 'environment', name: environment, tab: 'overview' } as const;
    case 'deployment':
      return { kind: 'apply', environment, deployment: target.id } as const;
    case 'dag-run':
      return { kind: 'dag', environment, airflowVersion, dagId } as const;
    case 'task':
      return { kind: 'run', cluster: target.cluster, taskArn: target.arn, environment, dagId } as const;
    case 'log':
      return { kind: 'logs', groups: [target.group], streams: [target.stream], since: isoTime(at - BEFORE) } as const;
  }
}

/** What happened to an ingestion and around it, on one axis. */
export const timelineView = defineView<'timeline', undefined>({
  kind: 'timeline',
  crumbs: ({ environment, dagId }) => [environment, dagId, 'timeline'],
  Component: Timeline,
  initialState: undefined,
  commands: [],
});
