import { clusterJson, clusters } from '../fleet/clusters.ts';
import { type Dashboard, readDashboard } from '../fleet/dashboard.ts';
import { environmentJson, environments } from '../fleet/environments.ts';
import { Failure } from '../text/failure.ts';
import type { Context } from './context.ts';
import { present } from './present.ts';
import type { Verb } from './program.ts';

/** `dashboard`: environments and clusters at a glance; what can't be read is an error row beside the rest. */
export const dashboard: Verb = async (context) => {
  const session = await context.session();
  const found = await lastSnapshot(readDashboard(session, context.signal));
  if (!found.environmentsListed && !found.clustersListed) {
    const [first] = found.errors;
    if (first !== undefined) {
      throw new Failure(first.kind, `${first.resource}: ${first.message}`, {
        ...(first.advice && { advice: first.advice }),
      });
    }
  }
  await present(context, dashboardJson(found), () => printDashboard(context, found, session.clock.now()));
  return 0;
};

/** The last thing an iterable gives: the complete snapshot of a reading. */
export async function lastSnapshot<T>(snapshots: AsyncIterable<T>): Promise<T> {
  let last: T | undefined;
  for await (const snapshot of snapshots) last = snapshot;
  if (last === undefined) throw new Error('A reading ended without a snapshot.');
  return last;
}

/** Prints the dashboard for people. */
export function printDashboard({ print }: Context, found: Dashboard, now: number): void {
  print.line(`Account ${found.account ?? 'unknown'}, ${found.region}`, 'dim');
  print.line(`MWAA environments ${found.environments.length}`, 'accent');
  if (found.environments.length > 0) print.table(environments.columns, found.environments, now);
  print.line(`ECS clusters ${found.clusters.length}`, 'accent');
  if (found.clusters.length > 0) print.table(clusters.columns, found.clusters, now);
  for (const row of found.environments) {
    const trouble = environments.attention?.(row, now);
    if (trouble !== undefined) print.line(trouble, 'warn');
  }
  for (const error of found.errors) {
    print.note(`${error.resource}: ${error.message}`, 'error');
    if (error.advice !== undefined) print.note(`  ${error.advice}`);
  }
}

/** The dashboard as `-o json` prints it. */
export function dashboardJson(found: Dashboard) {
  return {
    account: found.account ?? null,
    region: found.region,
    environments: found.environments.map(environmentJson),
    clusters: found.clusters.map(clusterJson),
    errors: found.errors.map(({ resource, message, advice }) => ({ resource, message, advice: advice ?? null })),
  };
}
