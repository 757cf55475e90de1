import type { Session } from '../aws/session.ts';
import { readPipeline } from '../ingestion/pipeline.ts';
import { at, textOf } from '../ingestion/values.ts';
import { type KnownServer, knownToken } from '../openmetadata/known-server.ts';
import { type PipelineStatus, pipelineStatuses } from '../openmetadata/pipeline-statuses.ts';
import { type ServerHealth, serverHealth, serverVersion } from '../openmetadata/server.ts';
import { Failure } from '../text/failure.ts';
import type { Ingestion } from './ingestions.ts';
import { noting } from './snapshots.ts';

/** What an ingestion's OpenMetadata server says of itself and of the ingestion. */
export interface ServerState {
  /** Its API's address, such as `https://openmetadata.example.com/api`. */
  readonly url: string;
  readonly health: ServerHealth;
  /** Raw, such as `1.12.8`; undefined where it could not be asked. */
  readonly version: string | undefined;
  /** The ingestion's newest run there; undefined where the server knows none. */
  readonly lastRun: PipelineStatus | undefined;
  /** What could not be asked. */
  readonly failures: readonly Failure[];
}

/** How far back a run is looked for, ms. */
const SPAN = 30 * 24 * 3_600_000;

/**
 * Asks the server that an ingestion writes to: address and token are those of the ingestion's own secret, the
 * address of the settings where that is set. The settings' token, which stands in where the ingestion has none of its
 * own to be read, goes to the settings' server alone.
 * @throws Failure where the secret can't be read, or names no server.
 */
export async function readServerState(
  session: Session,
  { secretArn, dagId }: Pick<Ingestion, 'secretArn' | 'dagId'>,
  known: KnownServer,
  signal: AbortSignal,
): Promise<ServerState> {
  const { SecretString: content = '' } = await session.secretsManager.getSecretValue(
    { SecretId: secretArn },
    { signal },
  );
  const { value, server, ingestionPipelineFqn } = readPipeline(content, `the secret of ${dagId}`);
  const url = known.url ?? server.hostPort;
  if (url === undefined) {
    throw new Failure('invalid-input', `The configuration of ${dagId} names no OpenMetadata server.`, {
      advice: 'Deploy it again with workflowConfig.openMetadataServerConfig.hostPort.',
      resource: dagId,
    });
  }
  const own = textOf(at(value, 'workflowConfig', 'openMetadataServerConfig', 'securityConfig', 'jwtToken'));
  const failures: Failure[] = [];
  const orNote = noting(failures, signal);
  const now = session.clock.now();
  // A token that the configuration takes from elsewhere (`fernet:`, `${…}`) is none.
  const token =
    own?.split('.').length === 3
      ? own
      : known.url === undefined
        ? undefined
        : await orNote(knownToken(session, known, signal));
  const options = { signal, token };
  const runs = async (name: string): Promise<PipelineStatus[]> => {
    try {
      return await pipelineStatuses(url, name, { from: now - SPAN, to: now }, options);
    } catch (error) {
      // A workflow makes its pipeline there with its first run; that the address leads to the API, the version shows.
      if (error instanceof Failure && error.kind === 'not-found') return [];
      throw error;
    }
  };
  const [health, version, statuses] = await Promise.all([
    serverHealth(url, options),
    orNote(serverVersion(url, options)),
    ingestionPipelineFqn === undefined ? undefined : orNote(runs(ingestionPipelineFqn)),
  ]);
  return { url, health, version, lastRun: statuses?.[0], failures };
}
