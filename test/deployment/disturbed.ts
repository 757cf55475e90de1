import { expect } from 'vitest';
import { planUndo } from '../../src/deployment/undo.ts';
import type { VirtualRegion } from '../support/virtual-region.ts';
import { apply, plan, resume, settle, undo, undoPlanned, type Wanted, worldOf } from './bench.ts';
import { FAULTS, failing, kill, type Met } from './disturb.ts';

const signal = new AbortController().signal;

/** A deployment that is disturbed again and again, under names of eight characters of each run's own. */
export interface Disturbed {
  readonly region: VirtualRegion;
  readonly environment: string;
  readonly wanted: (name: string) => Wanted;
  /** How the ingestion was deployed before, undisturbed: by another mode, which the disturbed deployment leaves. */
  readonly earlier?: (name: string) => Wanted;
}

/** Deploys what the ingestion was before, if it was anything. */
async function prepare({ region, earlier }: Disturbed, name: string): Promise<void> {
  if (earlier === undefined) return;
  const { outcome } = await apply(await plan(await region.open(), region, earlier(name)));
  expect(outcome.failure?.stack).toBeUndefined();
  await settle(region);
}

/** Takes back what the ingestion was before: nothing is left of either deployment. */
async function clear({ region, environment, earlier }: Disturbed, empty: string): Promise<void> {
  if (earlier === undefined) return;
  expect((await undo(await region.open(), environment)).outcome.failure?.stack).toBeUndefined();
  await settle(region);
  expect(withoutPins(worldOf(region, environment))).toBe(empty);
}

/** The world that a deployment is taken back to. Files that an earlier mode has put are versions of each run's own. */
function worldBefore({ region, environment, earlier }: Disturbed, name: string): string {
  return earlier === undefined ? worldOf(region, environment) : withoutPins(worldOf(region, environment, [name]));
}

/** What an undisturbed deployment leaves, as `worldOf` tells it; the world before and after, and that without either. */
async function undisturbed(disturbed: Disturbed) {
  const { region, environment, wanted } = disturbed;
  const name = 'zz-plain';
  const session = await region.open();
  const empty = withoutPins(worldOf(region, environment));
  await prepare(disturbed, name);
  const before = worldBefore(disturbed, name);
  const planned = await plan(session, region, wanted(name));
  const [forth, withdrawing] = [failing(() => undefined), failing(() => undefined)];
  const { outcome } = await apply({ ...planned, target: { ...planned.target, session: await region.open(forth) } });
  expect(outcome.failure?.stack).toBeUndefined();
  const deployed = worldOf(region, environment, [name]);
  expect((await undo(await region.open(withdrawing), environment)).outcome.state).toBe('undone');
  await settle(region);
  expect(worldBefore(disturbed, name)).toBe(before);
  await clear(disturbed, empty);
  const carriedOut = [forth.carriedOut(), withdrawing.carriedOut()];
  return { empty, before, deployed: withoutPins(deployed), carriedOut };
}

/** Without the versions of files that each run puts anew. */
function withoutPins(world: string): string {
  return world.replace(/("path": "(?:requirements\.txt|plugins\.zip)",\s*"version": )"[^"]*"/g, '$1"…"');
}

/**
 * Kills a deployment before its requests, one after the other, from `from` on in steps of `by`, and lets somebody with no
 * local state resume it; then the same with its undo. How many requests there were to be killed at.
 */
export async function killEverywhere(
  disturbed: Disturbed,
  of: Met,
  { from = 0, by = 1 }: { readonly from?: number; readonly by?: number } = {},
): Promise<number> {
  const { region, environment, wanted } = disturbed;
  const { empty, before, deployed } = await undisturbed(disturbed);
  const session = await region.open();
  let most = Number.POSITIVE_INFINITY;
  for (let at = from; at < most; at += by) {
    const name = `zz-${String(at).padStart(5, '0')}`;
    const where = `${environment}, killed before ${of} ${at}`;
    const left = () => worldBefore(disturbed, name);
    await prepare(disturbed, name);
    const planned = await plan(session, region, wanted(name));
    const killed = kill(at, of);
    const target = { ...planned.target, session: await region.open(killed.interference) };
    const end = await Promise.race([apply({ ...planned, target }), killed.dead]);
    const { outcome } = await resume(await region.open(), environment);
    await settle(region);
    if (end !== 'killed') most = at;
    else if (outcome?.state === 'undone' || (outcome === undefined && left() === before)) {
      // Before its configuration was stored nobody else can go on: nothing is left of it.
      expect(killed.stored(), where).toBe(false);
      expect(left(), where).toBe(before);
      await clear(disturbed, empty);
      continue;
    } else if (outcome !== undefined) expect(outcome.failure?.stack, where).toBeUndefined();
    expect(withoutPins(worldOf(region, environment, [name])), where).toBe(deployed);

    const undoing = kill(at, of);
    const back = await planUndo(session, environment, undefined, signal);
    const backTarget = { ...back.target, session: await region.open(undoing.interference) };
    if ((await Promise.race([undoPlanned({ ...back, target: backTarget }), undoing.dead])) === 'killed') {
      const resumed = await resume(await region.open(), environment);
      await settle(region);
      if (resumed.outcome !== undefined) expect(resumed.outcome.failure?.stack, where).toBeUndefined();
      // Before its journal says that it is taken back, nothing was; after its end, only the lock was left.
      else if (left() !== before) await undo(session, environment);
    }
    await settle(region);
    expect(left(), `undo of ${where}`).toBe(before);
    await clear(disturbed, empty);
  }
  return most;
}

/**
 * Lets each request of a deployment and of its undo fail once, every so many in one run; of `every` runs each `by`-th. It
 * ends early where a run has fewer requests than that.
 */
export async function failEverywhere(
  disturbed: Disturbed,
  every: number,
  { from = 0, by = 1 }: { readonly from?: number; readonly by?: number } = {},
): Promise<void> {
  const { region, environment, wanted } = disturbed;
  const { empty, before, deployed, carriedOut } = await undisturbed(disturbed);
  const session = await region.open();
  for (let offset = from; offset < every; offset += by) {
    const name = `zz-f${String(offset).padStart(4, '0')}`;
    const strikes = (request: number) =>
      request % every === offset ? FAULTS[Math.floor(request / every + offset) % FAULTS.length] : undefined;
    await prepare(disturbed, name);
    const planned = await plan(session, region, wanted(name));
    const forth = failing(strikes);
    const target = { ...planned.target, session: await region.open(forth) };
    const { outcome } = await apply({ ...planned, target });
    expect(outcome.failure?.stack, `offset ${offset}`).toBeUndefined();
    await settle(region);
    expect(withoutPins(worldOf(region, environment, [name])), `offset ${offset}`).toBe(deployed);
    const back = await planUndo(session, environment, undefined, signal);
    const withdrawing = failing(strikes);
    const backTarget = { ...back.target, session: await region.open(withdrawing) };
    const undone = await undoPlanned({ ...back, target: backTarget });
    expect(undone.outcome.failure?.stack, `undo, offset ${offset}`).toBeUndefined();
    await settle(region);
    expect(worldBefore(disturbed, name), `undo, offset ${offset}`).toBe(before);
    expect([forth.carriedOut(), withdrawing.carriedOut()], `offset ${offset}`).toEqual(carriedOut);
    await clear(disturbed, empty);
    if (Math.max(forth.count(), withdrawing.count()) <= offset) break;
  }
}

/** Everything new, so that every step has something to make. */
export const byEcs = (name: string): Wanted => ({
  options: {
    cluster: `${name}-cluster`,
    logGroup: `/ecs/${name}`,
    executionRole: `${name}-execution`,
    taskRole: `${name}-task`,
    dagId: name,
  },
});
export const byPython = (name: string): Wanted => ({ mode: 'python', options: { dagId: name } });
export const byVirtualenv = (name: string): Wanted => ({
  mode: 'virtualenv',
  environment: 'legacy',
  options: { dagId: name },
});
export const byPlugin = (name: string): Wanted => ({ mode: 'virtualenv', options: { dagId: name } });

/**
 * Makes data-prod one of the last environments whose Airflow finds virtualenv on PATH alone: an ingestion needs a plugin
 * there, an option, and an update for them.
 */
export function olderAirflow({ running }: VirtualRegion): void {
  const settings = running.region.mwaa.environment('data-prod')?.settings;
  if (settings !== undefined) Object.assign(settings, { airflowVersion: '2.6.3' });
}
