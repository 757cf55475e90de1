import type { Ingestion } from '../../fleet/ingestions.ts';
import type { Target } from '../step.ts';

/**
 * Which other ingestion keeps something from being taken away, in words: one that uses it, or would again if its own
 * later deployment were taken back.
 * @param how What it does with it, such as `runs in it`.
 */
export async function userOf(
  { others, formerOthers = [] }: Target,
  uses: (ingestion: Ingestion) => boolean | Promise<boolean>,
  how: string,
): Promise<string | undefined> {
  for (const other of others) if (await uses(other)) return `${other.dagId} ${how}`;
  for (const other of formerOthers) {
    if (await uses(other)) return `${other.dagId} ${how} again if its later deployment is taken back`;
  }
  return undefined;
}
