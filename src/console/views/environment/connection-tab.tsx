import { useMemo } from 'react';
import { type Connection, readConnection, withDiscovery } from '../../../connection/connection.ts';
import { probeFromHere } from '../../../connection/probe/here.ts';
import type { ProbeResult } from '../../../connection/probe/stages.ts';
import { type OneOffWork, readLeftOvers } from '../../../deployment/one-off/one-off.ts';
import { shortAge } from '../../../text/ages.ts';
import { Failure } from '../../../text/failure.ts';
import { useConsole, useNow, useRead, useStore, useViewState } from '../../hooks.ts';
import { failureRows } from '../../message.ts';
import type { Row } from '../../row.ts';
import { useTextPane } from '../../use-text-pane.ts';
import { Panel, panelInnerWidth } from '../../widgets/panel.tsx';
import { cardRows, copyForms } from './connection-card.ts';
import { type ConnectionState, connectionState } from './connection-state.ts';
import type { EnvironmentState, TabProps } from './state.ts';

/** What the tab reads: the connection as AWS tells it, and what interrupted runs left behind. */
interface Read {
  readonly connection: Connection;
  readonly leftOvers: readonly string[];
}

/** The card of the metadata database: where it is, its login once found, whether it works, and the REST route. */
export function ConnectionTab({ environment, width, height }: TabProps) {
  const now = useNow();
  const state = useConnectionState(environment.name);
  const read = useRead<Read>(
    `connection of ${environment.name}`,
    async (session, signal) => ({
      connection: await readConnection(session, environment, signal),
      leftOvers: await leftOvers({ session, environment }, signal),
    }),
    Number.POSITIVE_INFINITY,
  );
  const inner = panelInnerWidth(width);
  const { found, foundAt, probed, working, revealedUntil } = state;
  const revealedFor =
    revealedUntil === undefined ? undefined : Math.max(1, Math.ceil((revealedUntil - Date.now()) / 1000));
  useViewState({ environment, connection: found === undefined ? 'read' : 'found' } satisfies EnvironmentState);
  const shown = useMemo<Connection | undefined>(() => {
    if (read.data === undefined) return undefined;
    const known =
      found === undefined ? read.data.connection : withDiscovery(read.data.connection, found, probed?.candidate);
    return probed === undefined ? known : { ...known, probe: probed.probe, restChecks: probed.restChecks };
  }, [read.data, found, probed]);
  const left = read.data?.leftOvers;
  const reach = useReach(shown);
  const rows = useMemo<readonly Row[]>(() => {
    if (shown !== undefined) return cardRows(shown, { reach, revealedFor, working, leftOvers: left ?? [] }, inner - 2);
    if (read.failure !== undefined) return failureRows(read.failure, inner - 2);
    return [[{ text: 'Looking for the database endpoint …', tone: 'dim' }]];
  }, [shown, reach, revealedFor, working, left, read.failure, inner]);
  const forms = useMemo(
    () => (shown === undefined ? undefined : copyForms(shown, environment.webserverUrl || undefined)),
    [shown, environment.webserverUrl],
  );
  const text = useTextPane({
    pane: 'connection',
    rows,
    width: inner,
    height: height - 2,
    copy: { id: shown?.host ?? undefined, forms },
    refresh: read.refresh,
    ...(shown === undefined
      ? {}
      : { inspect: { title: 'connection', load: async () => ({ ...shown, password: null }) } }),
  });
  const source = foundAt === undefined ? 'by its VPC endpoint' : 'by discovery';
  const at = foundAt ?? read.readAt;
  const when = at === undefined ? '' : `, ${shortAge(now - at)} ago`;
  const note = shown === undefined ? '' : shown.source === 'none' ? 'not found' : `${source}${when}`;
  return (
    <Panel
      title={`Metadata database of ${environment.name}`}
      note={note === '' ? '' : [{ text: note, tone: 'dim' }]}
      rows={text.visible}
      width={width}
      height={height}
      focused={text.focused}
    />
  );
}

/** Whether this machine reaches the database: name, TCP and TLS, nothing more; undefined while it is not known. */
function useReach(connection: Connection | undefined): ProbeResult | undefined {
  const { host, port, sslMode, hostAddress, database } = connection ?? {};
  const read = useRead<ProbeResult | undefined>(
    `reach of ${host} ${port} ${hostAddress}`,
    async (_, signal) => {
      if (host == null || database == null || port === undefined || sslMode === undefined) return undefined;
      const address = { host, port, sslMode, hostAddress: hostAddress ?? undefined };
      return (await probeFromHere(address, undefined, signal)).result;
    },
    Number.POSITIVE_INFINITY,
  );
  return read.data;
}

/** What this console knows beside what AWS tells. */
function useConnectionState(environment: string): ConnectionState {
  const console = useConsole();
  const session = useStore(console.session, (state) => state.session);
  const store = useMemo(
    () => connectionState(session ?? console.openSession(), environment),
    [session, console, environment],
  );
  return useStore(store, (state) => state);
}

/** Sentences on what was left behind; none where that can't be read. */
async function leftOvers(place: Pick<OneOffWork, 'session' | 'environment'>, signal: AbortSignal): Promise<string[]> {
  try {
    const left = await readLeftOvers(place, signal);
    return left.map(
      ({ journal: { purpose, id, startedBy } }) =>
        `A ${purpose} of ${startedBy} was interrupted and left ${id}: :clean-up takes it away.`,
    );
  } catch (error) {
    if (!(error instanceof Failure) || signal.aborted) throw error;
    return [];
  }
}
