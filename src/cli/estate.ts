import { clusterJson, clusters as clusterResource } from '../fleet/clusters.ts';
import { environmentJson, environments as environmentResource } from '../fleet/environments.ts';
import type { Resource } from '../fleet/resource.ts';
import { knownTaskJson, knownTasks } from '../tasks/known-tasks.ts';
import { Failure } from '../text/failure.ts';
import type { Context } from './context.ts';
import { lastSnapshot } from './dashboard.ts';
import { present } from './present.ts';
import type { Verb } from './program.ts';

/** `envs [NAME]`: the region's environments, or everything about one. */
export const envs: Verb = (context, [name]) =>
  showResource(context, environmentResource, undefined, environmentJson, name);

/** `clusters [NAME]`: the region's clusters, or everything about one. */
export const clusters: Verb = (context, [name]) => showResource(context, clusterResource, undefined, clusterJson, name);

/** `tasks CLUSTER`: running and stopped tasks, those that ECS has forgotten included. */
export const tasks: Verb = async (context, [cluster = '']) => {
  const { records } = context;
  const code = await showResource(context, knownTasks, { cluster, records }, knownTaskJson, undefined);
  if (records.trouble !== undefined) context.print.note(records.trouble, 'warn');
  return code;
};

async function showResource<Row, Scope>(
  context: Context,
  resource: Resource<Row, Scope>,
  scope: Scope,
  json: (row: Row) => unknown,
  name: string | undefined,
): Promise<number> {
  const session = await context.session();
  const { print, signal } = context;
  const rows = await lastSnapshot(resource.list(session, scope, signal));
  if (name === undefined) {
    await present(context, rows.map(json), () => {
      if (rows.length === 0) print.note(`No ${resource.title} in ${session.region}.`);
      else print.table(resource.columns, rows, session.clock.now());
    });
    return 0;
  }
  const row = rows.find((each) => resource.key(each) === name);
  if (row === undefined) {
    throw new Failure('not-found', `There is no ${resource.singular} ${name} in ${session.region}.`, {
      advice:
        rows.length === 0
          ? 'There are none at all there.'
          : `There are: ${rows.map((each) => resource.key(each)).join(', ')}.`,
      resource: name,
    });
  }
  const described = await resource.describe(session, row, signal);
  await present(context, described, () => print.yaml(described));
  return 0;
}
