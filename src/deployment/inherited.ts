import { definitionId, definitionOf } from './carry-out.ts';
import type { DocumentStore } from './documents.ts';
import { type Journal, type JournalStep, readJournals } from './journal.ts';
import type { Target } from './step.ts';
import { stepDefinitions } from './steps/index.ts';
import { formerly } from './target.ts';

/** How many of the newest deployments are searched. */
const SEARCHED = 50;

/**
 * What deployments that were taken back have left for this ingestion alone: a cluster, a constraint file, a plugin. With
 * the last ingestion that uses it, it goes. Each as a step of this journal's own, not yet taken back; where the journal
 * has a step of that kind already, such as for a cluster of another name, under an id that its resource tells apart.
 */
export async function inheritedSteps(
  store: DocumentStore,
  target: Target,
  journal: Journal,
  signal: AbortSignal,
): Promise<JournalStep[]> {
  const { steps } = journal;
  // What the ingestion itself goes back to may need it.
  const afterwards = { ...target, formerOthers: [...(target.formerOthers ?? []), ...formerly(journal)] };
  const journals = await readJournals(store, target.environment.name, SEARCHED, signal);
  const undone = journals.filter(({ state }) => state === 'undone');
  undone.sort((one, other) => (other.endedAt ?? 0) - (one.endedAt ?? 0));
  const inherited: JournalStep[] = [];
  const taken = new Set(steps.map(({ id }) => id));
  const seen = new Set(steps.map(nameOf));
  for (const step of undone.flatMap((each) => each.steps)) {
    // Whoever took it back last knows whether it is still there.
    const first = !seen.has(nameOf(step));
    seen.add(nameOf(step));
    if (!first || step.kept !== true) continue;
    const { remains: _, kept: __, progress: ___, ...left } = step;
    const restoration = await definitionOf(step.id).lookBack(afterwards, left, signal);
    if (restoration === undefined || restoration.action === 'keep') continue;
    const plain = definitionId(step.id);
    const id = taken.has(plain) ? `${plain}@${step.resource}` : plain;
    taken.add(id);
    inherited.push({ ...left, id, state: 'done' });
  }
  return inherited;
}

function nameOf({ id, resource }: JournalStep): string {
  return `${definitionId(id)} ${resource}`;
}

/** Steps of a journal with inherited ones among them, in the order in which they are taken. */
export function withInherited(steps: readonly JournalStep[], inherited: readonly JournalStep[]): JournalStep[] {
  const order = stepDefinitions.map(({ id }) => id);
  return [...steps, ...inherited].sort(
    (one, other) => order.indexOf(definitionId(one.id)) - order.indexOf(definitionId(other.id)),
  );
}
