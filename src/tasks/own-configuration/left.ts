import type { Session } from '../../aws/session.ts';
import { endpointOf } from '../records/records.ts';
import { isLeft, type TemporaryJournal, type TemporaryParts } from './journal.ts';

/** What runs of this account and region have left behind: written down, and nobody carries them on. */
export async function leftParts(
  session: Session,
  journal: TemporaryJournal,
  signal: AbortSignal,
): Promise<TemporaryParts[]> {
  const now = session.clock.now();
  const left = (await journal.list()).filter(
    (parts) => parts.region === session.region && parts.endpoint === endpointOf(session) && isLeft(parts, now),
  );
  if (left.length === 0) return [];
  const { account } = await session.identity(signal);
  return left.filter((parts) => parts.account === account);
}

/** What was left behind, in one sentence. */
export function leftWords(parts: readonly TemporaryParts[]): string {
  const names = parts.map(({ secretName }) => secretName).join(', ');
  const runs = parts.length === 1 ? 'A run that was cut off' : `${parts.length} runs that were cut off`;
  return `${runs} left a secret and a task definition behind: ${names}.`;
}
