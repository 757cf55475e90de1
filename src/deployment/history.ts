import { age } from '../text/ages.ts';
import type { Column } from '../text/columns.ts';
import type { Journal } from './journal.ts';

/** A deployment's journal as a row, for the history tab and for `deployments`. */
export const journalColumns: readonly Column<Journal>[] = [
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
      if (journal.state === 'undoing') return { text: `undoing, ${left} left`, tone: 'running' };
      if (journal.state === 'undo-failed') return { text: `undo failed, ${left} left`, tone: 'error' };
      const tone = journal.state === 'failed' ? 'error' : 'running';
      return { text: `${journal.state} at ${stepAt(journal)} of ${journal.steps.length}`, tone };
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
