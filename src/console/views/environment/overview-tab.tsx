import { useMemo } from 'react';
import { environmentJson } from '../../../fleet/environment-json.ts';
import type { Environment } from '../../../fleet/environments.ts';
import { maskSettings } from '../../../fleet/masking.ts';
import { readNewestVersion, type StoredVersion } from '../../../fleet/stored-version.ts';
import { age, dayTime, shortAge } from '../../../text/ages.ts';
import { useNow, useRead, useViewState } from '../../hooks.ts';
import { type Row, rowWidth, type Segment, segments } from '../../row.ts';
import { useTextPane } from '../../use-text-pane.ts';
import { Panel, panelInnerWidth } from '../../widgets/panel.tsx';
import { fieldRows } from '../field-rows.ts';
import type { EnvironmentState, TabProps } from './state.ts';

/** How often the bucket is asked for newer files, ms. */
const EVERY = 60_000;
/** From this many cells on the groups stand in two columns. */
const TWO_COLUMNS = 130;
const NAMES = 17;

/** The files that GetEnvironment names, by what they are. */
const FILES = ['requirements', 'plugins', 'startupScript'] as const;
type Newest = Readonly<Partial<Record<(typeof FILES)[number], StoredVersion | 'gone'>>>;

/** What GetEnvironment has, in groups. */
export function OverviewTab({ environment, width, height }: TabProps) {
  const now = useNow();
  useViewState({ environment } satisfies EnvironmentState);
  const newest = useRead<Newest>(
    `storage ${environment.name} ${FILES.map((file) => environment[file]?.path).join(' ')}`,
    async (session, signal) => {
      const found: Partial<Record<(typeof FILES)[number], StoredVersion | 'gone'>> = {};
      for (const file of FILES) {
        const path = environment[file]?.path;
        if (path === undefined) continue;
        found[file] = (await readNewestVersion(session, environment.sourceBucket, path, signal)) ?? 'gone';
      }
      return found;
    },
    EVERY,
  );
  const inner = panelInnerWidth(width);
  // Ages move once a minute here: a text that changes each second can't be read, and costs a frame.
  const minute = Math.floor(now / 60_000) * 60_000;
  const rows = useMemo(
    () => overviewRows(environment, newest.data ?? {}, minute, inner - 2),
    [environment, newest.data, minute, inner],
  );
  const text = useTextPane({
    pane: 'overview',
    rows,
    width: inner,
    height: height - 2,
    copy: { id: environment.name, arn: environment.arn },
    inspect: {
      title: environment.name,
      load: async () => environmentJson({ name: environment.name, environment, notes: [], complete: true }),
    },
  });
  return (
    <Panel
      title={environment.name}
      note={text.position}
      rows={text.visible}
      width={width}
      height={height}
      focused={text.focused}
    />
  );
}

function overviewRows(environment: Environment, newest: Newest, now: number, columns: number): readonly Row[] {
  const wide = columns >= TWO_COLUMNS;
  const half = wide ? Math.floor((columns - 3) / 2) : columns;
  const field = (name: string, value: Row) => fieldRows(name, value, { columns: half, names: NAMES, indent: 2 });
  const { lastUpdate, webserverUrl, createdAt } = environment;
  const address: Segment[] =
    webserverUrl === undefined
      ? [{ text: 'none' }]
      : [
          { text: webserverUrl, link: webserverUrl },
          { text: `   ${environment.webserverAccessMode}`, tone: 'dim' },
        ];
  const general = group('Airflow', [
    ...field('status', environment.status),
    ...field('version', environment.airflowVersion),
    ...field('web server', address),
    ...field('execution role', environment.executionRoleArn),
    ...field('maintenance', environment.maintenanceWindow ?? 'no window'),
    ...field('created', createdAt === undefined ? '?' : `${dayTime(createdAt)}, ${shortAge(now - createdAt)} ago`),
  ]);
  const update = group('Last update', updateRows(lastUpdate, now, field));
  const capacity = group('Capacity', [
    ...field('class', environment.environmentClass),
    ...field('workers', span(environment.minWorkers, environment.maxWorkers)),
    ...field('web servers', span(environment.minWebservers, environment.maxWebservers)),
    ...field('schedulers', String(environment.schedulers ?? '?')),
  ]);
  const storage = group('Storage', [
    ...field('bucket', environment.sourceBucket),
    ...field('DAGs', `${environment.dagsPath}/`),
    ...field('requirements', fileValue(environment.requirements, newest.requirements, now)),
    ...field('plugins', fileValue(environment.plugins, newest.plugins, now)),
    ...field('start-up script', fileValue(environment.startupScript, newest.startupScript, now)),
  ]);
  const network = group('Network', [
    ...field('subnets', environment.subnetIds.join(', ')),
    ...field('security groups', environment.securityGroupIds.join(', ')),
    ...field('database', environment.databaseVpcEndpointService ?? 'names no endpoint service'),
    ...field('endpoints by', environment.endpointManagement ?? 'SERVICE'),
  ]);
  const logging = group('Logging', loggingRows(environment, field));
  const settings = Object.entries(maskSettings(environment.configurationOptions));
  const options =
    settings.length === 0
      ? []
      : group(
          'Configuration options',
          settings.flatMap(([key, value]) => [...field(key, value)]),
        );
  const failed = lastUpdate?.status === 'FAILED';
  const first = failed ? [update, general] : [general, update];
  if (!wide) return [...first, capacity, storage, network, logging, options].flat().slice(0, -1);
  return beside([...first, capacity].flat(), [storage, network, logging, options].flat(), half);
}

type FieldRows = (name: string, value: Row) => readonly Row[];

function updateRows(update: Environment['lastUpdate'], now: number, field: FieldRows): readonly Row[] {
  if (update === undefined) return field('none', '');
  const { status, createdAt, source, workerReplacementStrategy, error } = update;
  const when = createdAt === undefined ? '' : `, begun ${dayTime(createdAt)}, ${age(now - createdAt)} ago`;
  const tone = status === 'FAILED' ? 'error' : status === 'SUCCESS' ? 'ok' : 'running';
  return [
    ...field('status', [{ text: status, tone }, { text: when }]),
    ...(source === undefined ? [] : field('source', source)),
    ...(workerReplacementStrategy === undefined ? [] : field('workers', workerReplacementStrategy)),
    ...(error === undefined ? [] : field('error', [{ text: `${error.code}: ${error.message}`, tone: 'error' }])),
    ...(status === 'FAILED' ? field('', [{ text: 'e shows what installing logged', tone: 'accent' }]) : []),
  ];
}

function loggingRows({ logGroups }: Environment, field: FieldRows): readonly Row[] {
  return Object.entries(logGroups).flatMap(([component, log]) => [
    ...field(
      component,
      log?.enabled === true
        ? [{ text: log.level.padEnd(8) }, { text: ` ${log.group ?? ''}`, tone: 'dim' }]
        : [{ text: 'off', tone: 'warn' }],
    ),
  ]);
}

/** The version in use against the newest in the bucket. */
function fileValue(file: Environment['requirements'], newest: StoredVersion | 'gone' | undefined, now: number): Row {
  if (file === undefined) return [{ text: 'none', tone: 'dim' }];
  const used: Segment[] = [{ text: file.path }, { text: `   ${file.versionId ?? 'no version pinned'}`, tone: 'dim' }];
  if (newest === undefined) return used;
  if (newest === 'gone') return [...used, { text: '   not in the bucket any more', tone: 'error' }];
  if (newest.versionId === undefined || newest.versionId === file.versionId) {
    return [...used, { text: '   the newest', tone: 'ok' }];
  }
  const when = newest.writtenAt === undefined ? '' : ` of ${shortAge(now - newest.writtenAt)} ago`;
  return [...used, { text: `   a newer one${when} is not in use`, tone: 'warn' }];
}

function group(title: string, rows: readonly Row[]): readonly Row[] {
  return [[{ text: title, bold: true }], ...rows, ''];
}

/** Two texts side by side, each in a half of the width. */
function beside(left: readonly Row[], right: readonly Row[], half: number): readonly Row[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, at): Row => {
    const start = segments(left[at] ?? '');
    return [...start, { text: ' '.repeat(Math.max(1, half + 3 - rowWidth(start))) }, ...segments(right[at] ?? '')];
  });
}

function span(least: number | undefined, most: number | undefined): string {
  if (least === undefined && most === undefined) return '?';
  return least === most ? String(least) : `${least ?? '?'}-${most ?? '?'}`;
}
