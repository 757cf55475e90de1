import { pages } from '../aws/pages.ts';
import type { Session } from '../aws/session.ts';
import type { Column } from '../text/columns.ts';
import { maskSettings } from './masking.ts';
import { texts } from './members.ts';
import type { Resource } from './resource.ts';
import { readTaskDefinition, type TaskDefinition } from './task-definition.ts';
import { isoOrNull } from './times.ts';

export {
  logStream,
  logTarget,
  mainContainer,
  readTaskDefinition,
  type TaskDefinition,
  taskDefinitionFrom,
} from './task-definition.ts';

/** A family of task definitions; its revisions are read when it is opened. */
export interface TaskDefinitionFamily {
  readonly family: string;
}

/** Names of the families that have an active revision, a page after the other. */
async function* taskDefinitionFamilies(
  session: Session,
  signal: AbortSignal,
  prefix?: string,
): AsyncGenerator<string[]> {
  const listed = pages(
    (nextToken) =>
      session.ecs.listTaskDefinitionFamilies(
        { status: 'ACTIVE', maxResults: 100, ...(prefix && { familyPrefix: prefix }), ...(nextToken && { nextToken }) },
        { signal },
      ),
    (page) => page.nextToken,
  );
  for await (const page of listed) yield texts(page.families);
}

/** ARNs of a family's active revisions, newest first. */
async function taskDefinitionRevisions(session: Session, family: string, signal: AbortSignal): Promise<string[]> {
  const arns: string[] = [];
  const listed = pages(
    (nextToken) =>
      session.ecs.listTaskDefinitions(
        { familyPrefix: family, status: 'ACTIVE', sort: 'DESC', maxResults: 100, ...(nextToken && { nextToken }) },
        { signal },
      ),
    (page) => page.nextToken,
  );
  for await (const page of listed) arns.push(...texts(page.taskDefinitionArns));
  return arns;
}

/** A revision as JSON; environment values that may be secrets are hidden, secrets stand by reference. */
export function taskDefinitionJson(definition: TaskDefinition) {
  return {
    arn: definition.arn,
    family: definition.family,
    revision: definition.revision ?? null,
    status: definition.status,
    networkMode: definition.networkMode ?? null,
    requiresCompatibilities: [...definition.requiresCompatibilities],
    cpu: definition.cpu ?? null,
    memory: definition.memory ?? null,
    taskRoleArn: definition.taskRoleArn ?? null,
    executionRoleArn: definition.executionRoleArn ?? null,
    cpuArchitecture: definition.cpuArchitecture ?? null,
    registeredAt: isoOrNull(definition.registeredAt),
    registeredBy: definition.registeredBy ?? null,
    containers: definition.containers.map((container) => ({
      ...container,
      command: container.command ?? null,
      entryPoint: container.entryPoint ?? null,
      environment: maskSettings(container.environment),
      logDriver: container.logDriver ?? null,
      stopTimeout: container.stopTimeout ?? null,
    })),
    tags: { ...definition.tags },
  };
}

const columns: readonly Column<TaskDefinitionFamily>[] = [
  { id: 'family', title: 'FAMILY', priority: 1, cell: (row) => ({ text: row.family, tone: 'accent' }) },
];

/** The region's task definition families. */
export const taskDefinitions: Resource<TaskDefinitionFamily> = {
  id: 'task-definitions',
  title: 'ECS task definitions',
  singular: 'task definition',
  columns,
  key: (row) => row.family,
  async *list(session, _, signal) {
    const rows: TaskDefinitionFamily[] = [];
    for await (const families of taskDefinitionFamilies(session, signal)) {
      rows.push(...families.map((family) => ({ family })));
      yield [...rows];
    }
  },
  async describe(session, row, signal) {
    const [definition, revisions] = await Promise.all([
      readTaskDefinition(session, row.family, signal),
      taskDefinitionRevisions(session, row.family, signal),
    ]);
    return { ...taskDefinitionJson(definition), revisions };
  },
};
