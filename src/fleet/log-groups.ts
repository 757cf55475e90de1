import { pages } from '../aws/pages.ts';
import type { Session } from '../aws/session.ts';
import { shortAge } from '../text/ages.ts';
import type { Column } from '../text/columns.ts';
import { list, number, optionalText, text } from './members.ts';
import type { Resource } from './resource.ts';
import { isoOrNull } from './times.ts';

/** A CloudWatch log group. */
export interface LogGroup {
  readonly name: string;
  /** Without the `:*` that some answers end it with. */
  readonly arn: string;
  readonly createdAt: number | undefined;
  /** Days; undefined: events are kept for ever. */
  readonly retentionInDays: number | undefined;
  readonly storedBytes: number | undefined;
  /** STANDARD, INFREQUENT_ACCESS (which FilterLogEvents can't read), DELIVERY, raw. */
  readonly logGroupClass: string;
  readonly kmsKey: string | undefined;
}

/** Which log groups are wanted. */
export interface LogGroupScope {
  readonly prefix?: string | undefined;
}

type SdkLogGroup = NonNullable<Awaited<ReturnType<Session['logs']['describeLogGroups']>>['logGroups']>[number];

/** A log group from DescribeLogGroups's answer, whatever it leaves out. */
function logGroupFrom(group: SdkLogGroup): LogGroup {
  return {
    name: text(group.logGroupName),
    arn: text(group.logGroupArn) || text(group.arn).replace(/:\*$/, ''),
    createdAt: number(group.creationTime),
    retentionInDays: number(group.retentionInDays),
    storedBytes: number(group.storedBytes),
    logGroupClass: text(group.logGroupClass) || 'STANDARD',
    kmsKey: optionalText(group.kmsKeyId),
  };
}

/** The region's log groups, 50 a page, a snapshot after each. */
async function* readLogGroups(session: Session, scope: LogGroupScope, signal: AbortSignal): AsyncGenerator<LogGroup[]> {
  const found: LogGroup[] = [];
  const listed = pages(
    (nextToken) =>
      session.logs.describeLogGroups(
        { limit: 50, ...(scope.prefix && { logGroupNamePrefix: scope.prefix }), ...(nextToken && { nextToken }) },
        { signal },
      ),
    (page) => page.nextToken,
  );
  for await (const page of listed) {
    found.push(...list(page.logGroups).map(logGroupFrom));
    yield [...found];
  }
}

/** One log group by its exact name; undefined when there is none. */
export async function readLogGroup(session: Session, name: string, signal: AbortSignal): Promise<LogGroup | undefined> {
  for await (const groups of readLogGroups(session, { prefix: name }, signal)) {
    const found = groups.find((group) => group.name === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A number of bytes as `512 B`, `3.1 MB`. */
function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

const columns: readonly Column<LogGroup>[] = [
  {
    id: 'name',
    title: 'LOG GROUP',
    priority: 1,
    maxWidth: 72,
    cell: (group) => ({ text: group.name, tone: 'accent' }),
  },
  {
    id: 'retention',
    title: 'RETENTION',
    priority: 3,
    cell: (group) =>
      group.retentionInDays === undefined
        ? { text: 'for ever', tone: 'dim' }
        : { text: `${group.retentionInDays} days` },
    sortKey: (group) => group.retentionInDays ?? Number.MAX_SAFE_INTEGER,
  },
  {
    id: 'stored',
    title: 'STORED',
    priority: 2,
    align: 'right',
    cell: (group) =>
      group.storedBytes === undefined ? { text: '-', tone: 'dim' } : { text: bytes(group.storedBytes) },
    sortKey: (group) => group.storedBytes ?? -1,
  },
  {
    id: 'class',
    title: 'CLASS',
    priority: 5,
    cell: (group) =>
      group.logGroupClass === 'STANDARD' ? { text: 'STANDARD' } : { text: group.logGroupClass, tone: 'warn' },
  },
  {
    id: 'created',
    title: 'CREATED',
    priority: 4,
    align: 'right',
    cell: (group, now) =>
      group.createdAt === undefined ? { text: '-', tone: 'dim' } : { text: shortAge(now - group.createdAt) },
    sortKey: (group) => group.createdAt ?? 0,
  },
];

/** A log group as JSON. */
function logGroupJson(group: LogGroup) {
  return {
    name: group.name,
    arn: group.arn,
    createdAt: isoOrNull(group.createdAt),
    retentionInDays: group.retentionInDays ?? null,
    storedBytes: group.storedBytes ?? null,
    logGroupClass: group.logGroupClass,
    kmsKey: group.kmsKey ?? null,
  };
}

/** The region's CloudWatch log groups. */
export const logGroups: Resource<LogGroup, LogGroupScope> = {
  id: 'log-groups',
  title: 'Log groups',
  singular: 'log group',
  columns,
  key: (group) => group.name,
  arn: (group) => group.arn || undefined,
  list: readLogGroups,
  describe: async (session, row, signal) => logGroupJson((await readLogGroup(session, row.name, signal)) ?? row),
  remark: (group) =>
    group.logGroupClass === 'INFREQUENT_ACCESS'
      ? `${group.name}: of class INFREQUENT_ACCESS, which only Logs Insights can read`
      : undefined,
};
