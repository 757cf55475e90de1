import type { Session } from '../../../aws/session.ts';
import { readConnection, withDiscovery } from '../../../connection/connection.ts';
import { discover } from '../../../connection/discovery/discover.ts';
import { probeConnection } from '../../../connection/probe/probe.ts';
import { storeConnection } from '../../../connection/store.ts';
import { type OneOffWork, readLeftOvers, removeLeftOver } from '../../../deployment/one-off/one-off.ts';
import type { Environment } from '../../../fleet/environments.ts';
import type { Console } from '../../console.ts';
import type { Flash } from '../../stores/notices.ts';
import { type ConnectionState, connectionState } from './connection-state.ts';

/** How long a password is shown, ms of the user's own time. */
const REVEALED = 30_000;
/** How long storing may take, ms. */
const PATIENCE = 60_000;

/** Asks, then discovers the login as a job; what an interrupted one left is taken away first. */
export async function startDiscovery(console: Console, environment: Environment): Promise<void> {
  const sure = await console.dialogs.confirm({
    title: `Find the login of ${environment.name}'s metadata database`,
    lines: [
      'A DAG is put into the bucket, run once and taken away again, with its run and its answer.',
      'Its task encrypts the login to a key that only this console holds; nothing of it is logged.',
      'It takes two to twelve minutes. No worker is restarted.',
    ],
    yes: 'find it',
    writes: true,
  });
  if (!sure) return;
  start(console, environment, 'finding the login', async (work, update) => {
    for (const left of await readLeftOvers(work, work.signal)) await removeLeftOver(work, left);
    const { remains } = await discover(work, (found) =>
      update({ found, foundAt: work.session.clock.now(), probed: undefined }),
    );
    const [remain] = remains;
    return remain === undefined
      ? { text: `The login of ${environment.name}'s database is found: v reveals it`, tone: 'ok' }
      : { text: remain, tone: 'warn' };
  });
}

/** Asks, then takes away what interrupted discoveries and probes left. */
export async function startCleanUp(console: Console, environment: Environment): Promise<void> {
  const sure = await console.dialogs.confirm({
    title: `Take away what was left behind in ${environment.name}`,
    lines: ['DAGs, secrets and revisions of discoveries and probes that were interrupted.'],
    yes: 'take it away',
    writes: true,
  });
  if (!sure) return;
  start(console, environment, 'taking away what was left', async (work) => {
    const left = await readLeftOvers(work, work.signal);
    for (const each of left) await removeLeftOver(work, each);
    console.session.getState().pollers?.hurry();
    return { text: left.length === 0 ? 'Nothing was left behind' : `${left.length} taken away`, tone: 'ok' };
  });
}

/** Asks, then tries the database and the REST route, from here and from an ECS task. */
export async function startProbe(console: Console, environment: Environment): Promise<void> {
  const sure = await console.dialogs.confirm({
    title: `Test the connection of ${environment.name}`,
    lines: [
      'From here, and by one short ECS task with an ingestion’s own image, network and role.',
      'With a login that was found: read-only, by a temporary secret that is removed afterwards.',
    ],
    yes: 'test it',
    writes: true,
  });
  if (!sure) return;
  start(console, environment, 'testing', async (work, update) => {
    const { found } = connectionState(work.session, environment.name).getState();
    const connection = await readConnection(work.session, environment, work.signal);
    const probed = await probeConnection(work, connection, found);
    update({ probed });
    const ok = probed.probe === null ? probed.restChecks.here?.ok === true : probed.probe.ok;
    return ok
      ? { text: 'The connection works', tone: 'ok' }
      : { text: 'The connection fails: see the stages', tone: 'warn' };
  });
}

/** Asks under which name, and keeps the discovered login there. */
export async function storeDiscovered(console: Console, environment: Environment): Promise<void> {
  const session = console.openSession();
  const { found, probed } = connectionState(session, environment.name).getState();
  if (found === undefined) return;
  const values = await console.dialogs.form({
    title: `Store the connection of ${environment.name} in Secrets Manager`,
    lines: ['A secret that holds a database connection already gets this as its new version.'],
    fields: [
      {
        id: 'name',
        label: 'name',
        value: `mwaa-console/${environment.name}/metadata-database`,
        check: (name) => (/^[\w/+=.@-]{1,512}$/.test(name) ? undefined : 'Letters, digits and /_+=.@- only'),
      },
    ],
    submit: 'store it',
  });
  if (values?.name === undefined) return;
  const signal = AbortSignal.timeout(PATIENCE);
  const connection = withDiscovery(await readConnection(session, environment, signal), found, probed?.candidate);
  const { name, action } = await storeConnection(session, connection, values.name, signal);
  console.notices.flash(action === 'unchanged' ? `${name} holds it already` : `${name} ${action}`, 'ok');
}

/**
 * Shows the password for half a minute, or hides it. A timer of the machine's hides it: who looks away, or sees a region
 * whose time runs otherwise, has it hidden as soon.
 */
export function toggleReveal(console: Console, environment: Environment): void {
  const store = connectionState(console.openSession(), environment.name);
  if (store.getState().revealedUntil !== undefined) {
    store.setState({ revealedUntil: undefined });
    return;
  }
  const lasts = console.options.revealsFor ?? REVEALED;
  const until = Date.now() + lasts;
  store.setState({ revealedUntil: until });
  setTimeout(() => {
    if (store.getState().revealedUntil === until) store.setState({ revealedUntil: undefined });
  }, lasts).unref();
}

type Update = (change: Partial<ConnectionState>) => void;

function start(
  console: Console,
  environment: Environment,
  what: string,
  act: (work: OneOffWork, update: Update) => Promise<Flash>,
): void {
  const session: Session = console.openSession();
  const store = connectionState(session, environment.name);
  const tell = (told: string) => console.pace.request(() => store.setState({ working: { what, told } }));
  store.setState({ working: { what, told: '' } });
  console.jobs.start({
    title: `${what} of ${environment.name}`,
    onQuit: 'what it has made is taken away by the next start.',
    initial: undefined,
    work: async ({ signal }) => {
      try {
        const { arn } = await session.identity(signal);
        return await act({ session, environment, who: arn, signal, tell }, (change) => store.setState(change));
      } finally {
        console.pace.request(() => store.setState({ working: undefined }));
      }
    },
  });
}
