import { pages } from '../aws/pages.ts';
import type { Session } from '../aws/session.ts';
import { shortAge } from '../text/ages.ts';
import type { Column } from '../text/columns.ts';
import { lastSegment, texts } from './members.ts';
import { Pool } from './pool.ts';
import type { Resource } from './resource.ts';
import { failureFrom } from './snapshots.ts';
import { mainContainer, readTaskDefinition, type TaskDefinition, taskDefinitionJson } from './task-definitions.ts';

/** A revision of a family; what it says is read for the newest ones. */
export interface Revision {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  /** Deregistered: it can be read, and not run. */
  readonly inactive: boolean;
  readonly definition: TaskDefinition | undefined;
}

/** How many of the newest revisions are read, and how many at once. */
const READ = 25;
const AT_ONCE = 6;

const columns: readonly Column<Revision>[] = [
  {
    id: 'revision',
    title: 'REVISION',
    priority: 1,
    align: 'right',
    cell: ({ revision }) => ({ text: String(revision), tone: 'accent' }),
    sortKey: ({ revision }) => revision,
  },
  {
    id: 'status',
    title: 'STATUS',
    priority: 2,
    cell: ({ inactive }) => (inactive ? { text: 'inactive', tone: 'dim' } : { text: 'active', tone: 'ok' }),
  },
  {
    id: 'registered',
    title: 'REGISTERED',
    priority: 2,
    align: 'right',
    cell: ({ definition }, now) =>
      definition?.registeredAt === undefined
        ? { text: '-', tone: 'dim' }
        : { text: shortAge(now - definition.registeredAt) },
    sortKey: ({ definition }) => definition?.registeredAt ?? 0,
  },
  {
    id: 'image',
    title: 'IMAGE',
    priority: 1,
    maxWidth: 60,
    cell: ({ definition }) => ({ text: lastSegment((definition && mainContainer(definition)?.image) ?? '-') }),
  },
  {
    id: 'size',
    title: 'CPU/MEM',
    priority: 3,
    cell: ({ definition }) => ({
      text: definition === undefined ? '-' : `${definition.cpu ?? '?'}/${definition.memory ?? '?'}`,
    }),
  },
  {
    id: 'by',
    title: 'REGISTERED BY',
    priority: 4,
    maxWidth: 40,
    cell: ({ definition }) => ({ text: lastSegment(definition?.registeredBy ?? '-') }),
  },
];

async function listRevisions(
  session: Session,
  family: string,
  status: 'ACTIVE' | 'INACTIVE',
  signal: AbortSignal,
): Promise<Revision[]> {
  const arns: string[] = [];
  const listed = pages(
    (nextToken) =>
      session.ecs.listTaskDefinitions(
        { familyPrefix: family, status, sort: 'DESC', maxResults: 100, ...(nextToken && { nextToken }) },
        { signal },
      ),
    (page) => page.nextToken,
  );
  for await (const page of listed) arns.push(...texts(page.taskDefinitionArns));
  return arns.map((arn) => ({
    arn,
    family,
    revision: Number(/:(\d+)$/.exec(arn)?.[1] ?? Number.NaN),
    inactive: status === 'INACTIVE',
    definition: undefined,
  }));
}

/** The revisions of a family, the newest first, those that were deregistered included. */
export const revisions: Resource<Revision, { readonly family: string }> = {
  id: 'revisions',
  title: 'Revisions',
  singular: 'revision',
  columns,
  key: ({ arn }) => arn,
  arn: ({ arn }) => arn,
  async *list(session, { family }, signal) {
    const [active, inactive] = await Promise.all([
      listRevisions(session, family, 'ACTIVE', signal),
      listRevisions(session, family, 'INACTIVE', signal),
    ]);
    const rows = [...active, ...inactive].sort((a, b) => b.revision - a.revision);
    yield rows;
    const pool = new Pool(AT_ONCE);
    const read = await Promise.all(
      rows.slice(0, READ).map((row) =>
        pool.run(async (): Promise<Revision> => {
          try {
            return { ...row, definition: await readTaskDefinition(session, row.arn, signal) };
          } catch (error) {
            // One that can't be read leaves its cells empty.
            failureFrom(error, signal);
            return row;
          }
        }, signal),
      ),
    );
    yield [...read, ...rows.slice(READ)];
  },
  async describe(session, { arn }, signal) {
    return taskDefinitionJson(await readTaskDefinition(session, arn, signal));
  },
};
