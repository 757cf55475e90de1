import type { Session } from '../aws/session.ts';
import type { Environment } from '../fleet/environments.ts';
import { ingestionFrom } from '../fleet/ingestion-record.ts';
import { type Ingestion, ingestionKey, listIngestions } from '../fleet/ingestions.ts';
import { type Pipeline, readPipeline } from '../ingestion/pipeline.ts';
import type { DeploymentRequest } from '../ingestion/request.ts';
import { Failure } from '../text/failure.ts';
import type { DocumentStore } from './documents.ts';
import { type Journal, type JournalStep, readJournals } from './journal.ts';
import type { Target } from './step.ts';

/** How many of the newest deployments are searched for what may still be gone back to. */
const SEARCHED = 50;

/** What a journal's deployment works on, and what else is in its environment. */
export async function targetOf(
  session: Session,
  environment: Environment,
  { request, known, steps }: Journal,
  signal: AbortSignal,
): Promise<Target> {
  const ingestions = await listIngestions(session, environment, signal);
  const earlier = ingestions.find(({ dagId }) => dagId === request.dagId);
  const others = ingestions.filter((ingestion) => ingestion !== earlier);
  const pipeline = (await storedPipeline(session, request, steps, signal)) ?? request.pipeline;
  return { session, environment, request: { ...request, pipeline }, known: known ?? {}, earlier, others };
}

/** The pipeline as the deployment's own secret holds it; undefined where that is not stored yet, or may not be read. */
async function storedPipeline(
  session: Session,
  { secretName, pipeline }: DeploymentRequest,
  steps: readonly JournalStep[],
  signal: AbortSignal,
): Promise<Pipeline | undefined> {
  const version = steps.find(({ id }) => id === 'secret')?.token;
  const input = { SecretId: secretName, ...(version === undefined ? {} : { VersionId: version }) };
  try {
    const { SecretString: text } = await session.secretsManager.getSecretValue(input, { signal });
    return text === undefined ? undefined : readPipeline(text, pipeline.file);
  } catch (error) {
    if (!(error instanceof Failure) || signal.aborted) throw error;
    return undefined;
  }
}

/** For taking a deployment back: what other ingestions would be again if their own later ones were taken back. */
export async function formerOthersOf(
  store: DocumentStore,
  { environment, dagId }: Journal,
  signal: AbortSignal,
): Promise<Ingestion[]> {
  const journals = await readJournals(store, environment, SEARCHED, signal);
  return journals.filter((journal) => journal.dagId !== dagId && journal.state !== 'undone').flatMap(formerly);
}

/** What an ingestion was before a deployment; nothing where that was its first. */
export function formerly({ environment, dagId, record }: Journal): Ingestion[] {
  return record?.before == null ? [] : [ingestionFrom(record.before, ingestionKey(environment, dagId))];
}
