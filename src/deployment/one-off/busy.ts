import { readEnvironment } from '../../fleet/environments.ts';
import { Failure } from '../../text/failure.ts';
import type { OneOffWork } from './one-off.ts';

/** States in which an environment's Airflow can't be counted on. */
const BUSY: ReadonlySet<string> = new Set([
  'CREATING',
  'CREATE_FAILED',
  'UPDATING',
  'ROLLING_BACK',
  'CREATING_SNAPSHOT',
  'PENDING',
  'MAINTENANCE',
  'UNAVAILABLE',
  'DELETING',
  'DELETED',
]);
const WAIT = 'Wait until it is AVAILABLE and try again.';
/** Between two looks at the environment: ms. */
const INTERVAL = 60_000;

/** Throws Failure `refused` while an environment is busy. */
export function refuseBusy({ environment: { name, status } }: OneOffWork, purpose: string): void {
  if (!BUSY.has(status)) return;
  throw new Failure('refused', `${name} is ${status}: its Airflow can't be counted on for a ${purpose} now.`, {
    advice: WAIT,
    resource: name,
  });
}

/** The same work, whose every word says when the environment has become busy meanwhile; `look` notices, at first and each minute. */
export function tellingBusy(work: OneOffWork): OneOffWork & { readonly look: () => Promise<void> } {
  const { session, environment, tell } = work;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let status: string | undefined;
  return {
    ...work,
    tell: (text) => tell(status === undefined ? text : `${text}; ${environment.name} is ${status}`),
    look: async () => {
      if (session.clock.now() - lookedAt < INTERVAL) return;
      lookedAt = session.clock.now();
      status = await busyNow(work);
    },
  };
}

/** A failure that an update, or whatever else has begun in the environment meanwhile, may be the reason of: it says so. */
export async function unlessBusy(work: OneOffWork, error: unknown): Promise<unknown> {
  if (!(error instanceof Failure) || work.signal.aborted) return error;
  const status = await busyNow(work);
  if (status === undefined) return error;
  const { name } = work.environment;
  return new Failure(error.kind, `${error.message} Meanwhile ${name} is ${status}: its Airflow can't be counted on.`, {
    advice: WAIT,
    resource: name,
    cause: error,
  });
}

/** Whether an environment is busy now, and how; what can't be read is held not to be: it only explains. */
async function busyNow({ session, environment, signal }: OneOffWork): Promise<string | undefined> {
  try {
    const { status } = await readEnvironment(session, environment.name, signal);
    return BUSY.has(status) ? status : undefined;
  } catch (error) {
    if (error instanceof Failure && !signal.aborted) return undefined;
    throw error;
  }
}
