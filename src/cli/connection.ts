import { type Connection, readConnection, withDiscovery } from '../connection/connection.ts';
import { discover } from '../connection/discovery/discover.ts';
import type { DiscoveredConnection } from '../connection/discovery/parse.ts';
import { type ConnectionForm, connectionText, isKnown } from '../connection/forms.ts';
import { probeConnection } from '../connection/probe/probe.ts';
import { type StoredConnection, storeConnection } from '../connection/store.ts';
import { type OneOffWork, readLeftOvers, removeLeftOver } from '../deployment/one-off/one-off.ts';
import { readEnvironment } from '../fleet/environments.ts';
import { Failure } from '../text/failure.ts';
import { printConnection } from './connection-card.ts';
import type { Context } from './context.ts';
import { present } from './present.ts';
import type { Verb, VerbOptions } from './program.ts';

/** Forms of `-o` beside those of every command. */
const FORMS: Readonly<Record<string, ConnectionForm>> = {
  uri: 'uri',
  psql: 'psql',
  env: 'environment',
  openmetadata: 'openmetadata',
};

/**
 * `connection ENV`: where the metadata database is and the REST route that replaces it; with `--discover` its login too,
 * with `--probe` whether both work. The password is printed with `--reveal` only, to a terminal or with `--yes`.
 */
export const connection: Verb = async (context, [name = ''], options) => {
  checkOptions(context, options);
  const session = await context.session();
  const { signal, print } = context;
  const environment = await readEnvironment(session, name, signal);
  let shown = await readConnection(session, environment, signal);
  let found: DiscoveredConnection | undefined;
  const who = options.discover || options.probe ? (await session.identity(signal)).arn : '';
  const work: OneOffWork = { session, environment, who, signal, tell: quietly(context) };
  await offerRemoval(context, work, options.discover === true);
  if (options.discover) {
    const discovery = await discover(work).catch((error: unknown) => {
      if (signal.aborted)
        print.note(`What it has made is taken away by the next \`connection ${name} --discover\`.`, 'warn');
      throw error;
    });
    found = discovery.found;
    for (const remain of discovery.remains) print.note(remain, 'warn');
  }
  const probed = options.probe ? await probeConnection(work, shown, found) : undefined;
  if (found !== undefined) shown = withDiscovery(shown, found, probed?.candidate);
  if (probed !== undefined) shown = { ...shown, probe: probed.probe, restChecks: probed.restChecks };
  if (typeof options.store === 'string') {
    const stored = await storeConnection(session, shown, options.store, signal);
    print.note(storedWords(stored));
  }
  await show(context, options.reveal ? shown : masked(shown), environment.webserverUrl, options.discover === true);
  return shown.probe !== null && !shown.probe.ok ? 1 : 0;
};

/** A connection without its password. */
export function masked(connection: Connection): Connection {
  return { ...connection, password: null };
}

function storedWords({ name, arn, action }: StoredConnection): string {
  return action === 'unchanged' ? `${name} holds this connection already.` : `${name} ${action}: ${arn}`;
}

function checkOptions({ options, process }: Context, verb: VerbOptions): void {
  if (verb.reveal && !verb.discover) {
    throw new Failure('usage', '--reveal shows what --discover has found.', { advice: 'Give both.' });
  }
  if (verb.store !== undefined && !verb.discover) {
    throw new Failure('usage', '--store keeps what --discover has found.', { advice: 'Give both.' });
  }
  if (verb.reveal && process.stdout.isTTY !== true && options.yes !== true) {
    throw new Failure('refused', 'A password is not written where no terminal shows it.', {
      advice: 'Pass --yes with --reveal if the output is safe where it goes.',
    });
  }
}

async function show(context: Context, shown: Connection, webserverUrl: string, discovered: boolean): Promise<void> {
  const { print, options } = context;
  const form = FORMS[options.output];
  if (form === undefined) return present(context, shown, () => printConnection(context, shown));
  if (form === 'openmetadata' && !discovered) return print.lines(shown.restRoute.yaml);
  if (!isKnown(shown)) {
    throw new Failure('refused', `The user of ${shown.environment}'s database is not known from outside.`, {
      advice: 'Add --discover; or take the REST route: -o openmetadata.',
      resource: shown.environment,
    });
  }
  print.lines(connectionText(shown, form, webserverUrl === '' ? undefined : webserverUrl).trimEnd());
}

/** A discovery that was interrupted may have left its DAG: before another, or when asked, it is taken away. */
async function offerRemoval(
  { print, confirm, options, process }: Context,
  work: OneOffWork,
  asked: boolean,
): Promise<void> {
  const { environment, session } = work;
  let left: Awaited<ReturnType<typeof readLeftOvers>>;
  try {
    left = await readLeftOvers(work, work.signal);
  } catch (error) {
    if (error instanceof Failure && !asked && !work.signal.aborted) return;
    throw error;
  }
  for (const each of left) {
    const { purpose, id, startedBy } = each.journal;
    const text = `A ${purpose} of ${startedBy} in ${environment.name} was interrupted and left ${id} behind.`;
    const canAsk = options.yes === true || (process.stdin.isTTY === true && process.stderr.isTTY === true);
    if (session.guard.readOnly || !(asked || canAsk)) {
      print.note(`${text} \`mwaa-console connection ${environment.name} --discover\` takes it away.`, 'warn');
    } else if (asked || (await confirm(`${text} Take it away now?`))) {
      print.note(text, 'warn');
      await removeLeftOver(work, each);
    }
  }
}

/** Tells what is being waited for, each thing once: what only counts its time is told each minute. */
function quietly({ print }: Context): (text: string) => void {
  let last = '';
  return (text) => {
    const said = text.replace(/\b\d+[hms]\d*[ms]?\d*s?\b/g, (time) => /^(\d+)m/.exec(time)?.[0] ?? '0m');
    if (said !== last) print.note(text, 'dim');
    last = said;
  };
}
