import { expect } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { discover } from '../../src/connection/discovery/discover.ts';
import { findProbePlace, probeFromVpc } from '../../src/connection/probe/vpc.ts';
import type { LeftOver } from '../../src/deployment/one-off/journal.ts';
import { type OneOffWork, readLeftOvers, removeLeftOver } from '../../src/deployment/one-off/one-off.ts';
import { readEnvironment } from '../../src/fleet/environments.ts';
import { Failure } from '../../src/text/failure.ts';
import { FAULTS, failing, kill, type Met } from '../deployment/disturb.ts';
import type { Border, Interference, VirtualRegion } from '../support/virtual-region.ts';

const MINUTE = 60_000;
const { signal } = new AbortController();

/** A discovery or a probe of `data-prod` that is disturbed again and again. */
export interface Disturbed {
  readonly region: VirtualRegion;
  /** Does it whole, and expects of its end what it should be. */
  readonly run: (work: OneOffWork) => Promise<void>;
  /** Throws where IAM refuses whoever does it, and whoever takes it away. */
  readonly refuse?: (border: Border) => void;
  /** At which requests it is killed: all when absent. */
  readonly met?: Met;
}

/** The whole of a discovery. */
export function discovering(region: VirtualRegion): Disturbed {
  const run = async (work: OneOffWork) => {
    const { found, remains } = await discover(work);
    const { user, password } = await region.running.region.postgres.database('data-prod');
    expect(found.candidates[0]).toEqual({ user, password });
    expect(remains).toEqual([]);
  };
  return { region, run };
}

/** The same where InvokeRestApi is denied: by Airflow commands, whose web requests follow a token's each. */
export function discoveringByCommands(region: VirtualRegion): Disturbed {
  return { ...discovering(region), refuse: refuseRest, met: 'commands' };
}

/** Refuses InvokeRestApi altogether. */
export function refuseRest({ operation }: Pick<Border, 'operation'>): void {
  if (operation === 'InvokeRestApi') throw new Failure('denied', 'airflow:InvokeRestApi is denied.');
}

/** A probe of the VPC that logs in. */
export function probing(region: VirtualRegion): Disturbed {
  const run = async (work: OneOffWork) => {
    const { host, port, name, user, password } = await region.running.region.postgres.database('data-prod');
    const place = { host, port, sslMode: 'require', hostAddress: '127.0.0.1' };
    const told = { ...place, environment: 'data-prod', region: 'eu-west-1' };
    const login = { ...place, database: name, candidates: [{ user, password }], iamTokens: false };
    const from = await findProbePlace(work.session, work.environment, signal);
    if (from === undefined) throw new Error('data-prod has ECS ingestions.');
    const { result } = await probeFromVpc(work, from, told, login);
    expect(result).toMatchObject({ ok: true, schemaRevision: '5f2621c13b39' });
  };
  return { region, run };
}

/** Lets data-prod's Airflow list new files each minute, not each five: fewer requests to be killed at. */
export function listOften(region: VirtualRegion): void {
  const { settings } = region.running.region.mwaa.environment('data-prod') ?? {};
  Object.assign(settings?.options ?? {}, { 'scheduler.dag_dir_list_interval': '60' });
}

/** Which requests: from `from` on, each `by`-th. */
export interface Sample {
  readonly from?: number;
  readonly by?: number;
}

/** How often a log is asked depends on when its lines are there: only after so many whole runs there is no more to kill. */
const ENDS = 5;

/** What a session does one-off work in `data-prod` with. */
export async function workOf(session: Session, tell: (text: string) => void = () => {}): Promise<OneOffWork> {
  const environment = await readEnvironment(session, 'data-prod', signal);
  return { session, environment, who: 'tester', signal, tell };
}

/** All that one-offs have in the region: objects in any version, DAGs and their import errors, secrets, revisions. */
export async function traces(region: VirtualRegion): Promise<string[]> {
  const { s3, mwaa, ecs, secrets } = region.running.region;
  const airflow = mwaa.environment('data-prod')?.airflow;
  const names = [
    ...(s3.bucket('mwaa-data-prod-123456789012')?.keys() ?? []),
    ...(airflow?.dags() ?? []).map(({ definition }) => `DAG ${definition.dagId}`),
    ...(airflow?.importErrors() ?? []).map(({ file }) => `import error of ${file}`),
  ];
  return [
    ...names.filter((name) => /mwaa_console_|one-off/.test(name)),
    ...secrets
      .all()
      .map(({ name }) => name)
      .filter((name) => name.includes('/probe-')),
    ...ecs
      .definitions()
      .filter(({ status, family }) => status === 'ACTIVE' && family.endsWith('-run'))
      .map(({ arn }) => arn),
  ];
}

/** Whether something ran to its end, or was killed at a border before. */
async function untilKilled(work: Promise<unknown>, dead: Promise<'killed'>): Promise<'ended' | 'killed'> {
  return Promise.race([work.then(() => 'ended' as const), dead]);
}

/**
 * Kills a run before its requests, one after the other, and lets somebody else clean up, who is killed as well before the
 * request of the same number, and then a third. Nothing is left each time. How many requests there were to be killed at.
 */
export async function killEverywhere(disturbed: Disturbed, { from = 0, by = 1 }: Sample = {}): Promise<number> {
  const { region, run, met = 'requests' } = disturbed;
  const session = await region.open();
  let whole = 0;
  for (let at = from; ; at += by) {
    const where = `killed before request ${at}`;
    const killed = kill(at, met);
    const end = await untilKilled(run(await workAs(disturbed, session, killed.interference)), killed.dead);
    if (end === 'ended') {
      expect(await traces(region), 'undisturbed').toEqual([]);
      whole += 1;
      if (by > 1 || whole === ENDS) return at;
      continue;
    }
    await expectAlive(session, where);
    await killRemoval(disturbed, session, at, where);
    await clean(region, session, where);
  }
}

/**
 * Kills the removal of what a run left that was killed before request `leaving`: before its requests, one after the
 * other, each time of a new run. How many there were to be killed at.
 */
export async function killRemovalEverywhere(
  disturbed: Disturbed,
  leaving: number,
  { from = 0, by = 1 }: Sample = {},
): Promise<number> {
  const { region, run, met = 'requests' } = disturbed;
  const session = await region.open();
  for (let at = from; ; at += by) {
    const where = `left at ${leaving}, its removal killed before request ${at}`;
    const killed = kill(leaving, met);
    const ran = await untilKilled(run(await workAs(disturbed, session, killed.interference)), killed.dead);
    // It took fewer requests this time.
    if (ran === 'ended') return at;
    const end = await killRemoval(disturbed, session, at, where);
    await clean(region, session, where);
    if (end === 'ended') return at;
  }
}

/**
 * Lets each request of a run fail once, every so many in one run: throttled, refused by an ill service, timed out or cut
 * after it was carried out. The run goes on to its end, and nothing is left; of `every` runs each `by`-th.
 */
export async function failEverywhere(disturbed: Disturbed, every: number, by = 1): Promise<void> {
  const { region, run } = disturbed;
  const session = await region.open();
  for (const [turn] of FAULTS.entries()) {
    for (let offset = turn % by; offset < every; offset += by) {
      const strikes = (request: number) =>
        request % every === offset ? FAULTS[(Math.floor(request / every) + turn) % FAULTS.length] : undefined;
      const where = `each ${every}th request from ${offset}, first ${FAULTS[turn]}`;
      const failure = await run(await workAs(disturbed, session, failing(strikes))).catch((error: unknown) => error);
      expect(failure instanceof Failure ? failure.stack : failure, where).toBeUndefined();
      expect(await traces(region), where).toEqual([]);
    }
  }
}

/** The same for the removal of what a run left that was killed before request `leaving`. */
export async function failRemovalEverywhere(disturbed: Disturbed, leaving: number, every: number, by = 1) {
  const { region, run } = disturbed;
  const session = await region.open();
  for (let offset = 0; offset < every; offset += by) {
    const killed = kill(leaving, 'requests');
    await untilKilled(run(await workAs(disturbed, session, killed.interference)), killed.dead);
    const strikes = (request: number) =>
      request % every === offset ? FAULTS[(Math.floor(request / every) + offset) % FAULTS.length] : undefined;
    const work = await workAs(disturbed, session, failing(strikes));
    for (const left of await leftOver(region, session)) expect(await removeLeftOver(work, left)).toBe(true);
    expect(await traces(region), `removal, each ${every}th request from ${offset}`).toEqual([]);
  }
}

/** The work of a disturbed session; the environment is read by an undisturbed one. */
async function workAs(
  { region, refuse }: Disturbed,
  session: Session,
  { before, after }: Interference,
): Promise<OneOffWork> {
  const interference: Interference = {
    before: async (border) => {
      await before?.(border);
      refuse?.(border);
    },
    ...(after !== undefined && { after }),
  };
  return { ...(await workOf(session)), session: await region.open(interference) };
}

/** Nobody takes away what may still be in use. */
async function expectAlive(session: Session, where: string): Promise<void> {
  expect(await readLeftOvers(await workOf(session), signal), `${where}: a live run is nobody else’s`).toEqual([]);
}

/** What dead runs have left, once they count as dead. */
async function leftOver(region: VirtualRegion, session: Session): Promise<readonly LeftOver[]> {
  region.time.region.move(4 * MINUTE);
  return readLeftOvers(await workOf(session), signal);
}

async function killRemoval(disturbed: Disturbed, session: Session, at: number, where: string) {
  const { region, met } = disturbed;
  const left = await leftOver(region, session);
  expect(left.length, where).toBeLessThanOrEqual(1);
  if (left[0] === undefined) return 'ended';
  const killed = kill(at, met ?? 'requests');
  return untilKilled(removeLeftOver(await workAs(disturbed, session, killed.interference), left[0]), killed.dead);
}

/** Takes away what is left, undisturbed, as the next start of a discovery would. */
async function clean(region: VirtualRegion, session: Session, where: string): Promise<void> {
  for (const left of await leftOver(region, session)) {
    expect(await removeLeftOver(await workOf(session), left), where).toBe(true);
  }
  // What Airflow read at the last moment would turn up by now.
  region.time.region.move(2 * MINUTE);
  expect(await traces(region), where).toEqual([]);
  expect(await leftOver(region, session), where).toEqual([]);
}
