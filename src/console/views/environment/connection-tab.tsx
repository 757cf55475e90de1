import { useMemo } from 'react';
import { type Connection, readConnection } from '../../../connection/connection.ts';
import { useRead, useViewState } from '../../hooks.ts';
import { failureRows } from '../../message.ts';
import type { Row } from '../../row.ts';
import { useTextPane } from '../../use-text-pane.ts';
import { Panel, panelInnerWidth } from '../../widgets/panel.tsx';
import type { EnvironmentState, TabProps } from './state.ts';

/** The card of the metadata database: where it is, who is admitted, and the REST route that replaces it. */
export function ConnectionTab({ environment, width, height }: TabProps) {
  const read = useRead<Connection>(
    `connection of ${environment.name}`,
    (session, signal) => readConnection(session, environment, signal),
    Number.POSITIVE_INFINITY,
  );
  const inner = panelInnerWidth(width);
  useViewState({ environment, connection: read.data } satisfies EnvironmentState);
  const rows = useMemo<readonly Row[]>(() => {
    if (read.data !== undefined) return cardRows(read.data);
    if (read.failure !== undefined) return failureRows(read.failure, inner);
    return [[{ text: 'Looking for the database endpoint …', tone: 'dim' }]];
  }, [read.data, read.failure, inner]);
  const text = useTextPane({
    pane: 'connection',
    rows,
    width: inner,
    height: height - 2,
    copy: { id: read.data?.host ?? undefined },
    refresh: read.refresh,
    ...(read.data === undefined ? {} : { inspect: { title: 'connection', load: async () => read.data } }),
  });
  return (
    <Panel
      title={`Metadata database of ${environment.name}`}
      note={read.data?.source === 'endpoint' ? 'found by its VPC endpoint' : ''}
      rows={text.visible}
      width={width}
      height={height}
      focused={text.focused}
    />
  );
}

function cardRows(found: Connection): readonly Row[] {
  const { host, port, database, user, sslMode, endpointId, endpointState, vpcId, securityGroups, warnings, restRoute } =
    found;
  return [
    field('host', host === null ? 'not found' : `${host} : ${port}`),
    field('database', `${database ?? 'none for tasks'}        user  ${user ?? 'unknown'}        sslmode  ${sslMode}`),
    ...(endpointId === null ? [] : [field('endpoint', `${endpointId}   ${endpointState}   ${vpcId}`)]),
    ...securityGroups.map(({ id, name, admits }) =>
      field('admits', `${id} ${name}: ${admits.length === 0 ? 'nobody' : admits.join(', ')}`),
    ),
    ...warnings.map(
      (warning): Row => [
        { text: 'warning    ', tone: 'dim' },
        { text: warning, tone: 'warn' },
      ],
    ),
    '',
    field('REST route', restRoute.advice),
    '',
    [{ text: 'The connection for OpenMetadata (y, then OpenMetadata YAML, copies it):', tone: 'dim' }],
    ...restRoute.yaml
      .trimEnd()
      .split('\n')
      .map((line): Row => `  ${line}`),
    '',
    [{ text: 'What the role that the ingestion acts as needs:', tone: 'dim' }],
    ...JSON.stringify(restRoute.statement, null, 2)
      .split('\n')
      .map((line): Row => `  ${line}`),
  ];
}

function field(name: string, value: string): Row {
  return [{ text: name.padEnd(11), tone: 'dim' }, { text: value }];
}
