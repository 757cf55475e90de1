import type { Cell, Column, Tone } from '../text/columns.ts';
import type { Cluster } from './clusters.ts';
import { words } from './status-words.ts';

const STATUS_TONES: ReadonlyMap<string, Tone> = new Map([
  ['ACTIVE', 'ok'],
  ['PROVISIONING', 'running'],
  ['DEPROVISIONING', 'running'],
  ['FAILED', 'error'],
  ['INACTIVE', 'dim'],
]);
const KNOWN = new Set(STATUS_TONES.keys());

const LOADING: Cell = { text: '…', tone: 'dim' };
const UNKNOWN: Cell = { text: '?', tone: 'warn' };

/** What is not there: still being read, or not readable. */
function missing(cluster: Cluster): Cell {
  return cluster.complete ? UNKNOWN : LOADING;
}

function count(
  id: string,
  title: string,
  priority: number,
  of: (cluster: Cluster) => number | undefined,
): Column<Cluster> {
  return {
    id,
    title,
    priority,
    align: 'right',
    cell: (cluster) => {
      const value = of(cluster);
      return value === undefined
        ? missing(cluster)
        : { text: String(value), ...(value === 0 && { tone: 'dim' as const }) };
    },
    sortKey: (cluster) => of(cluster) ?? -1,
  };
}

function ingestionsCell(cluster: Cluster): Cell {
  const running = cluster.ingestionTasks;
  if (running === undefined) return missing(cluster);
  return running === 0 ? { text: 'none', tone: 'dim' } : { text: `${running} running`, tone: 'running' };
}

/** Columns of the clusters. */
export const clusterColumns: readonly Column<Cluster>[] = [
  { id: 'name', title: 'NAME', priority: 1, maxWidth: 48, cell: (cluster) => ({ text: cluster.name, tone: 'accent' }) },
  {
    id: 'status',
    title: 'STATUS',
    priority: 1,
    cell: (cluster) =>
      cluster.status === ''
        ? missing(cluster)
        : { text: words(cluster.status, KNOWN), tone: STATUS_TONES.get(cluster.status) ?? 'plain' },
    sortKey: (cluster) => cluster.status,
  },
  count('running', 'RUNNING', 2, (cluster) => cluster.runningTasks),
  count('pending', 'PENDING', 3, (cluster) => cluster.pendingTasks),
  count('services', 'SERVICES', 5, (cluster) => cluster.activeServices),
  {
    id: 'capacity',
    title: 'CAPACITY',
    priority: 6,
    maxWidth: 40,
    cell: (cluster) => {
      if (cluster.status === '') return missing(cluster);
      const instances = cluster.containerInstances ?? 0;
      const parts = [...cluster.capacityProviders, ...(instances > 0 ? [`${instances} EC2`] : [])];
      return parts.length === 0 ? { text: '-', tone: 'dim' } : { text: parts.join(', ') };
    },
  },
  {
    id: 'ingestions',
    title: 'INGESTION TASKS',
    priority: 4,
    cell: ingestionsCell,
    sortKey: (cluster) => cluster.ingestionTasks ?? -1,
  },
];

/** What is wrong with a cluster, in one line. */
export function clusterAttention(cluster: Cluster): string | undefined {
  if (cluster.status === 'FAILED') return `${cluster.name}: its resources could not be made`;
  return cluster.status === '' && cluster.complete
    ? `${cluster.name}: ${cluster.notes[0] ?? 'not readable'}`
    : undefined;
}

/** What the bottom line says of a selected cluster. */
export function clusterRemark(cluster: Cluster): string | undefined {
  return clusterAttention(cluster) ?? (cluster.notes.length === 0 ? undefined : cluster.notes.join(' · '));
}
