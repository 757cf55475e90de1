import { examine, type Finding, type TerminalFacts } from '../aws/doctor.ts';
import type { Session } from '../aws/session.ts';
import type { TemporaryJournal } from '../tasks/own-configuration/journal.ts';
import { leftBehind } from './one-off/left-behind.ts';

/**
 * All that the doctor finds: this machine, the credentials and their permissions, and, where somebody is signed in, what
 * was left behind. Whether somebody is is told apart.
 */
export async function examineAll(
  open: () => Promise<Session>,
  terminal: TerminalFacts,
  journal: TemporaryJournal,
  signal: AbortSignal,
): Promise<{ readonly findings: readonly Finding[]; readonly signedIn: boolean }> {
  const { findings, signedIn } = await examine(open, terminal, signal);
  const left = signedIn ? await leftBehind(await open(), journal, signal) : [];
  return { findings: [...findings, ...left], signedIn };
}
