import { useMemo } from 'react';
import { environmentJson } from '../../../fleet/environment-json.ts';
import type { Environment } from '../../../fleet/environments.ts';
import { maskSettings } from '../../../fleet/masking.ts';
import { age, shortAge } from '../../../text/ages.ts';
import { useNow, useViewState } from '../../hooks.ts';
import type { Row } from '../../row.ts';
import { useTextPane } from '../../use-text-pane.ts';
import { Panel, panelInnerWidth } from '../../widgets/panel.tsx';
import type { EnvironmentState, TabProps } from './state.ts';

/** What GetEnvironment has, in groups. */
export function OverviewTab({ environment, width, height }: TabProps) {
  const now = useNow();
  useViewState({ environment } satisfies EnvironmentState);
  // Ages move once a minute here: a text that changes each second can't be read, and costs a frame.
  const minute = Math.floor(now / 60_000) * 60_000;
  const rows = useMemo(() => overviewRows(environment, minute), [environment, minute]);
  const text = useTextPane({
    pane: 'overview',
    rows,
    width: panelInnerWidth(width),
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

function overviewRows(environment: Environment, now: number): readonly Row[] {
  const file = (each: Environment['requirements']) =>
    each === undefined ? 'none' : `${each.path}   version ${each.versionId ?? 'not pinned'}`;
  const logs = Object.entries(environment.logGroups).map(([component, log]) =>
    field(component, log === undefined ? 'off' : log.enabled ? `${log.level}   ${log.group ?? ''}` : 'off'),
  );
  const options = Object.entries(maskSettings(environment.configurationOptions)).map(([key, value]) =>
    field(key, value),
  );
  return [
    ...group('Airflow', [
      field('status', environment.status),
      field('version', environment.airflowVersion),
      field('web server', `${environment.webserverUrl ?? 'none'}   ${environment.webserverAccessMode}`),
      field('execution role', environment.executionRoleArn),
      field('maintenance', environment.maintenanceWindow ?? 'no window'),
      field('created', environment.createdAt === undefined ? '?' : `${shortAge(now - environment.createdAt)} ago`),
    ]),
    ...group('Last update', updateRows(environment.lastUpdate, now)),
    ...group('Capacity', [
      field('class', environment.environmentClass),
      field('workers', span(environment.minWorkers, environment.maxWorkers)),
      field('web servers', span(environment.minWebservers, environment.maxWebservers)),
      field('schedulers', String(environment.schedulers ?? '?')),
    ]),
    ...group('Storage', [
      field('bucket', environment.sourceBucket),
      field('DAGs', environment.dagsPath),
      field('requirements', file(environment.requirements)),
      field('plugins', file(environment.plugins)),
      field('start-up script', file(environment.startupScript)),
    ]),
    ...group('Network', [
      field('subnets', environment.subnetIds.join(', ')),
      field('security groups', environment.securityGroupIds.join(', ')),
      field('database endpoint', environment.databaseVpcEndpointService ?? 'none'),
      field('endpoints by', environment.endpointManagement ?? 'SERVICE'),
    ]),
    ...group('Logging', logs),
    ...(options.length === 0 ? [] : group('Configuration options', options)),
  ];
}

function updateRows(update: Environment['lastUpdate'], now: number): readonly Row[] {
  if (update === undefined) return [field('none', '')];
  const when = update.createdAt === undefined ? '' : `   ${age(now - update.createdAt)} ago`;
  const rows = [field('status', `${update.status}${when}`)];
  if (update.source !== undefined) rows.push(field('source', update.source));
  if (update.workerReplacementStrategy !== undefined) rows.push(field('workers', update.workerReplacementStrategy));
  if (update.error !== undefined) {
    rows.push([
      { text: `  ${'error'.padEnd(18)} `, tone: 'dim' },
      { text: `${update.error.code} ${update.error.message}`, tone: 'error' },
    ]);
  }
  return rows;
}

function group(title: string, rows: readonly Row[]): readonly Row[] {
  return [[{ text: title, bold: true }], ...rows, ''];
}

function field(name: string, value: string): Row {
  return [{ text: `  ${name.padEnd(18)} `, tone: 'dim' }, { text: value }];
}

function span(least: number | undefined, most: number | undefined): string {
  if (least === undefined && most === undefined) return '?';
  return least === most ? String(least) : `${least ?? '?'}-${most ?? '?'}`;
}
