import { useMemo } from 'react';
import { type Connection, readConnection } from '../../../connection/connection.ts';
import { shortAge } from '../../../text/ages.ts';
import { useNow, useRead, useViewState } from '../../hooks.ts';
import { failureRows } from '../../message.ts';
import type { Row } from '../../row.ts';
import type { Choice } from '../../stores/dialogs.ts';
import { useTextPane } from '../../use-text-pane.ts';
import { Panel, panelInnerWidth } from '../../widgets/panel.tsx';
import { fieldRows } from '../field-rows.ts';
import type { EnvironmentState, TabProps } from './state.ts';

const NAMES = 10;

/** The card of the metadata database: where it is, who is admitted, and the REST route that replaces it. */
export function ConnectionTab({ environment, width, height }: TabProps) {
  const now = useNow();
  const read = useRead<Connection>(
    `connection of ${environment.name}`,
    (session, signal) => readConnection(session, environment, signal),
    Number.POSITIVE_INFINITY,
  );
  const inner = panelInnerWidth(width);
  useViewState({ environment } satisfies EnvironmentState);
  const rows = useMemo<readonly Row[]>(() => {
    if (read.data !== undefined) return cardRows(read.data, inner - 2);
    if (read.failure !== undefined) return failureRows(read.failure, inner - 2);
    return [[{ text: 'Looking for the database endpoint …', tone: 'dim' }]];
  }, [read.data, read.failure, inner]);
  const forms = useMemo(() => (read.data === undefined ? undefined : copyForms(read.data)), [read.data]);
  const text = useTextPane({
    pane: 'connection',
    rows,
    width: inner,
    height: height - 2,
    copy: { id: read.data?.host ?? undefined, forms },
    refresh: read.refresh,
    ...(read.data === undefined ? {} : { inspect: { title: 'connection', load: async () => read.data } }),
  });
  const found = read.data?.source === 'endpoint' ? 'by its VPC endpoint' : 'not found';
  const when = read.readAt === undefined ? '' : `, ${shortAge(now - read.readAt)} ago`;
  return (
    <Panel
      title={`Metadata database of ${environment.name}`}
      note={read.data === undefined ? '' : [{ text: `${found}${when}`, tone: 'dim' }]}
      rows={text.visible}
      width={width}
      height={height}
      focused={text.focused}
    />
  );
}

function cardRows(found: Connection, columns: number): readonly Row[] {
  const { host, port, database, user, sslMode, endpointId, endpointState, vpcId, securityGroups, warnings, restRoute } =
    found;
  const field = (name: string, value: Row) => fieldRows(name, value, { columns, names: NAMES });
  const dim = (text: string) => ({ text, tone: 'dim' }) as const;
  return [
    ...field(
      'host',
      host === null ? [{ text: 'not found', tone: 'warn' }] : [{ text: host, bold: true }, { text: ` : ${port}` }],
    ),
    ...field('database', [
      { text: database ?? 'none for tasks' },
      dim('     user  '),
      { text: user ?? 'not known from outside' },
      dim('     sslmode  '),
      { text: sslMode },
    ]),
    ...(endpointId === null ? [] : field('endpoint', `${endpointId}, ${endpointState}, in ${vpcId}`)),
    ...securityGroups.flatMap(({ id, name, admits }) => [
      ...field('admits', [
        { text: admits.length === 0 ? 'nobody' : admits.join(', '), tone: admits.length === 0 ? 'warn' : 'plain' },
        dim(`   by ${id} ${name}`),
      ]),
    ]),
    ...warnings.flatMap((text) => [...field('warning', [{ text, tone: 'warn' }])]),
    '',
    ...field('REST route', restRoute.advice),
    '',
    [{ text: 'The connection for OpenMetadata (y copies it):', tone: 'dim' }],
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

/** What `y` offers; where the user is not known, its place is marked to be filled in. */
function copyForms({ host, port, database, user, sslMode, restRoute }: Connection): readonly Choice<string>[] {
  const forms: Choice<string>[] = [
    { label: 'OpenMetadata YAML', value: restRoute.yaml, hint: 'the REST connection' },
    { label: 'IAM statement', value: JSON.stringify(restRoute.statement, null, 2), hint: 'what the REST route needs' },
  ];
  if (host === null) return forms;
  forms.push({ label: 'host and port', value: `${host}:${port}`, hint: host });
  if (database === null) return forms;
  const name = user ?? 'USER';
  const hint = user === null ? 'user and password to be filled in' : 'password to be filled in';
  return [
    ...forms,
    { label: 'URI', value: `postgresql://${name}:PASSWORD@${host}:${port}/${database}?sslmode=${sslMode}`, hint },
    {
      label: 'psql',
      value: `psql "host=${host} port=${port} dbname=${database} user=${name} sslmode=${sslMode}"`,
      hint: user === null ? 'user to be filled in, asks for the password' : 'asks for the password',
    },
    {
      label: 'environment variables',
      value: [
        `export PGHOST=${host}`,
        `export PGPORT=${port}`,
        `export PGDATABASE=${database}`,
        `export PGUSER=${name}`,
        `export PGSSLMODE=${sslMode}`,
      ].join('\n'),
      hint: user === null ? 'user to be filled in' : 'without the password',
    },
  ];
}
