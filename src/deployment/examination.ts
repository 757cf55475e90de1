import { examine, type Finding, type TerminalFacts } from '../aws/doctor.ts';
import type { Session } from '../aws/session.ts';
import type { TemporaryJournal } from '../tasks/own-configuration/journal.ts';
import type { Failure } from '../text/failure.ts';
import { leftBehind } from './one-off/left-behind.ts';

/**
 * All that the doctor finds: this machine, the credentials and their permissions, and, where somebody is signed in, what
 * was left behind. What keeps one from knowing who is signed in is told apart.
 */
export async function examineAll(
  open: () => Promise<Session>,
  terminal: TerminalFacts,
  journal: TemporaryJournal,
  signal: AbortSignal,
): Promise<{ readonly findings: readonly Finding[]; readonly failure: Failure | undefined }> {
  const { findings, failure } = await examine(open, terminal, signal);
  const left = failure === undefined ? await leftBehind(await open(), journal, signal) : [];
  return { findings: [...findings, ...left], failure };
}
