import { age } from '../text/ages.ts';
import type { Column } from '../text/columns.ts';
import type { DocumentStore } from './documents.ts';
import { type Journal, readJournal, readJournals } from './journal.ts';
import { lockHolder } from './lock.ts';

/** A deployment as its journal has it, and whether it is on its way with nobody carrying it on. */
export interface Deployment extends Journal {
  readonly paused: boolean;
}

/** The environment's deployments, newest first, at most `limit`. */
export async function readDeployments(
  store: DocumentStore,
  environment: string,
  limit: number,
  signal: AbortSignal,
): Promise<readonly Deployment[]> {
  return withPauses(store, environment, await readJournals(store, environment, limit, signal), signal);
}

/** One deployment; undefined when there is none of that id. */
export async function readDeployment(
  store: DocumentStore,
  environment: string,
  id: string,
  signal: AbortSignal,
): Promise<Deployment | undefined> {
  const journal = await readJournal(store, environment, id, signal);
  return journal && (await withPauses(store, environment, [journal], signal))[0];
}

/** A journal alone can't tell a process that died from one at work: the environment's lock does. */
async function withPauses(
  store: DocumentStore,
  environment: string,
  journals: readonly Journal[],
  signal: AbortSignal,
): Promise<readonly Deployment[]> {
  const isOnItsWay = ({ state }: Journal) => state === 'applying' || state === 'undoing';
  const holder = journals.some(isOnItsWay) ? await lockHolder(store, environment, signal) : undefined;
  return journals.map((journal) => ({ ...journal, paused: isOnItsWay(journal) && holder?.deployment !== journal.id }));
}

/** A deployment as a row, for the history tab and for `deployments`. */
export const deploymentColumns: readonly Column<Deployment>[] = [
  { id: 'id', title: 'ID', priority: 1, cell: ({ id }) => ({ text: id }) },
  { id: 'environment', title: 'ENVIRONMENT', priority: 4, cell: ({ environment }) => ({ text: environment }) },
  { id: 'dag', title: 'INGESTION', priority: 1, cell: ({ dagId }) => ({ text: dagId }) },
  {
    id: 'state',
    title: 'STATE',
    priority: 1,
    cell: (journal) => {
      if (journal.state === 'done') return { text: 'done', tone: 'ok' };
      if (journal.state === 'undone') return { text: 'undone', tone: 'dim' };
      const left = journal.steps.filter((step) => step.state !== 'undone' && step.state !== 'planned').length;
      if (journal.state === 'undoing' && journal.paused) return { text: `undo paused, ${left} left`, tone: 'warn' };
      if (journal.state === 'undoing') return { text: `undoing, ${left} left`, tone: 'running' };
      if (journal.state === 'undo-failed') return { text: `undo failed, ${left} left`, tone: 'error' };
      const tone = journal.state === 'failed' ? 'error' : journal.paused ? 'warn' : 'running';
      return {
        text: `${journal.paused ? 'paused' : journal.state} at ${stepAt(journal)} of ${journal.steps.length}`,
        tone,
      };
    },
  },
  {
    id: 'begun',
    title: 'BEGUN',
    priority: 2,
    cell: ({ startedAt }, now) => ({ text: `${age(now - startedAt)} ago` }),
    sortKey: ({ startedAt }) => startedAt,
  },
  { id: 'who', title: 'BY', priority: 3, cell: ({ startedBy }) => ({ text: startedBy }) },
];

/** The step that a deployment is at, or stopped at, counted from 1, as the dashboard counts. */
export function stepAt({ steps }: Pick<Journal, 'steps'>): number {
  return Math.min(steps.filter(({ state }) => state === 'done').length + 1, steps.length);
}
