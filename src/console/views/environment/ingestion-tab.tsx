import { Box } from 'ink';
import { useMemo } from 'react';
import { callerWords } from '../../../aws/identity.ts';
import { readDeploymentProgress } from '../../../fleet/deployment-progress.ts';
import { deploymentCell } from '../../../fleet/environment-columns.ts';
import { type IngestionRow, ingestions } from '../../../fleet/ingestion-rows.ts';
import { type IngestionState, readIngestionState } from '../../../fleet/ingestion-state.ts';
import type { Ingestion } from '../../../fleet/ingestions.ts';
import { runCell } from '../../../fleet/run-cell.ts';
import { readServerState, type ServerState } from '../../../fleet/server-state.ts';
import { dayTime, shortAge } from '../../../text/ages.ts';
import type { Tone } from '../../../text/columns.ts';
import { useConsole, useNow, useRead, useViewState } from '../../hooks.ts';
import type { Row, Segment } from '../../row.ts';
import type { Polled } from '../../stores/poller.ts';
import { useResourceTable } from '../../use-table.ts';
import { useTextPane } from '../../use-text-pane.ts';
import { Panel, panelInnerWidth } from '../../widgets/panel.tsx';
import { TablePanel } from '../../widgets/table.tsx';
import { fieldRows } from '../field-rows.ts';
import { serverRows } from './server-rows.ts';
import type { EnvironmentState, TabProps } from './state.ts';

/** Rows of the details' panel: borders and a dozen fields, where there is room. */
const DETAIL_ROWS = 16;
const LEAST_TABLE = 5;
const NAMES = 16;
/** How often the selected ingestion's state is read, ms. */
const EVERY = 60_000;
/** How often a deployment that is under way is looked at, ms. */
const DEPLOYMENT_EVERY = 15_000;
/** How often its OpenMetadata server is asked, ms: each time its secret is read. */
const SERVER_EVERY = 300_000;

/** The environment's ingestions with their last runs, and how the selected one stands. */
export function IngestionTab({ environment, width, height }: TabProps) {
  const { router } = useConsole();
  // What is being deployed is no ingestion yet: it is looked for here, and must not seem lost.
  const deployment = useRead(
    `deployment into ${environment.name}`,
    (session, signal) => readDeploymentProgress(session, environment, signal),
    DEPLOYMENT_EVERY,
  ).data;
  const table = useResourceTable(
    ingestions,
    { environment },
    {
      title: `Ingestions of ${environment.name}`,
      note:
        deployment === undefined
          ? undefined
          : `${deploymentCell(deployment, environment.status).text}: ${deployment.dagId}`,
      empty: `No ingestion in ${environment.name}. I deploys one.`,
      open: (row) => router.push(runRoute(environment, row)),
    },
  );
  const { selected } = table;
  useViewState({ environment, ingestion: selected?.ingestion } satisfies EnvironmentState);
  const room = height - Math.max(LEAST_TABLE, Math.min(table.total + 3, Math.floor(height / 2)));
  const detailHeight = selected === undefined ? 0 : Math.min(DETAIL_ROWS, room);
  return (
    <Box flexDirection="column" width={width} height={height}>
      <TablePanel table={table} width={width} height={height - detailHeight} />
      {selected === undefined || detailHeight < 3 ? null : (
        <Detail
          key={selected.ingestion.dagId}
          row={selected}
          environment={environment}
          width={width}
          height={detailHeight}
        />
      )}
    </Box>
  );
}

/** Where Enter goes: to its last task where one is known, else to its DAG's runs. */
function runRoute({ name, airflowVersion }: TabProps['environment'], { ingestion, lastRun }: IngestionRow) {
  const { dagId, cluster } = ingestion;
  if (lastRun?.source === 'ecs' && cluster !== undefined) {
    return { kind: 'run' as const, cluster, taskArn: lastRun.id, environment: name, dagId };
  }
  return { kind: 'dag' as const, environment: name, airflowVersion, dagId };
}

function Detail({
  row,
  environment,
  width,
  height,
}: TabProps & {
  row: IngestionRow;
}) {
  const now = useNow();
  const { ingestion } = row;
  const read = useRead<IngestionState>(
    `state of ${environment.name} ${ingestion.dagId} ${ingestion.deploymentId}`,
    (session, signal) => readIngestionState(session, environment, ingestion, signal),
    EVERY,
  );
  const { options } = useConsole();
  const server = useRead<ServerState>(
    `server of ${environment.name} ${ingestion.dagId} ${ingestion.deploymentId}`,
    (session, signal) => readServerState(session, ingestion, options.openmetadata?.(session) ?? {}, signal),
    SERVER_EVERY,
  );
  const inner = panelInnerWidth(width);
  const minute = Math.floor(now / 60_000) * 60_000;
  const rows = useMemo(
    () => detailRows(row, read.data, server, minute, inner - 2),
    [row, read.data, server, minute, inner],
  );
  const text = useTextPane({
    pane: 'ingestion',
    rows,
    width: inner,
    height: height - 2,
    refresh: () => {
      read.refresh();
      server.refresh();
    },
  });
  return (
    <Panel
      title={ingestion.dagId}
      note={text.position}
      rows={text.visible}
      width={width}
      height={height}
      focused={text.focused}
    />
  );
}

function detailRows(
  row: IngestionRow,
  state: IngestionState | undefined,
  server: Polled<ServerState>,
  now: number,
  columns: number,
): readonly Row[] {
  const { ingestion, lastRun } = row;
  const field = (name: string, value: Row) => fieldRows(name, value, { columns, names: NAMES });
  const runs: Segment[] =
    lastRun === undefined
      ? [{ text: row.complete ? 'none known' : '…', tone: 'dim' }]
      : [runCell(lastRun, now), { text: lastRun.reason === undefined ? '' : `: ${lastRun.reason}` }];
  return [
    ...field('last run', runs),
    ...field('DAG', dagValue(state, now)),
    ...field('file', fileValue(ingestion, state, now)),
    ...field('deployed', deployedValue(ingestion, now)),
    ...serverRows(server, now).flatMap(([name, value]) => field(name, value)),
    ...field('deployed for', `OpenMetadata ${ingestion.openmetadataVersion}, Airflow ${ingestion.airflowVersion}`),
    ...(ingestion.taskDefinitionArn === undefined
      ? []
      : field(
          'task definition',
          standing(ingestion.taskDefinitionArn.split('/').at(-1), state, state?.taskDefinition),
        )),
    ...optionalField(field, 'cluster', ingestion.cluster?.split('/').at(-1)),
    ...optionalField(field, 'log group', ingestion.logGroup),
    ...optionalField(field, 'subnets', ingestion.subnets?.join(', ')),
    ...optionalField(field, 'security groups', ingestion.securityGroups?.join(', ')),
    ...field('secret', ingestion.secretArn.split(':').at(-1) ?? ''),
    ...field('role policy', standing(`${ingestion.executionRoleName} / ${ingestion.policyName}`, state, state?.policy)),
    ...(state?.failures ?? []).flatMap((failure) => [
      ...field('not read', [{ text: `${failure.message} ${failure.advice ?? ''}`, tone: 'warn' }]),
    ]),
  ];
}

function optionalField(field: (name: string, value: Row) => readonly Row[], name: string, value: string | undefined) {
  return value === undefined || value === '' ? [] : field(name, value);
}

function dagValue(state: IngestionState | undefined, now: number): readonly Segment[] {
  if (state === undefined) return [{ text: '…', tone: 'dim' }];
  const { dag, importError } = state;
  if (importError !== undefined) {
    return [{ text: `import error: ${importError.stackTrace.trimEnd().split('\n').at(-1) ?? ''}`, tone: 'error' }];
  }
  if (dag === undefined) return [{ text: 'Airflow does not know it', tone: 'error' }];
  if (dag.paused) return [{ text: 'paused', tone: 'warn' }];
  const next = dag.nextRun === undefined ? 'runs when triggered' : `next run in ${shortAge(dag.nextRun - now)}`;
  return [{ text: 'active', tone: 'ok' }, { text: `, ${next}` }];
}

const FILE_WORDS: Record<IngestionState['file'], readonly [text: string, tone: Tone]> = {
  'as-deployed': ['as it was deployed', 'ok'],
  changed: ['differs from what was deployed', 'warn'],
  missing: ['not in the bucket any more', 'error'],
  unknown: ['not known whether it is as it was deployed', 'dim'],
};

/** What a deployment made, and whether it is still so. */
function standing(
  name: string | undefined,
  state: IngestionState | undefined,
  found: IngestionState['policy'] | undefined,
): readonly Segment[] {
  if (state === undefined || found === undefined) return [{ text: name ?? '' }];
  const [text, tone] = found === 'missing' ? (['is gone', 'error'] as const) : FILE_WORDS[found];
  return [{ text: `${name ?? ''}   ` }, { text, tone }];
}

function fileValue({ dagKey }: Ingestion, state: IngestionState | undefined, now: number): readonly Segment[] {
  if (state === undefined) return [{ text: dagKey }, { text: '   …', tone: 'dim' }];
  const [text, tone] = FILE_WORDS[state.file];
  const { fileWrittenAt } = state;
  const when =
    state.file === 'changed' && fileWrittenAt !== undefined ? `: written ${shortAge(now - fileWrittenAt)} ago` : '';
  return [{ text: `${dagKey}   ` }, { text: `${text}${when}`, tone }];
}

function deployedValue({ deployedAt, deployedBy, deploymentId }: Ingestion, now: number): string {
  const when = deployedAt === 0 ? 'at a time not known' : `${dayTime(deployedAt)}, ${shortAge(now - deployedAt)} ago`;
  return `${when}, by ${callerWords(deployedBy) || 'somebody'} (${deploymentId})`;
}
