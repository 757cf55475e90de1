import type { Finding } from '../../aws/doctor.ts';
import type { Session } from '../../aws/session.ts';
import { listEnvironmentNames, readEnvironment } from '../../fleet/environments.ts';
import { Pool } from '../../fleet/pool.ts';
import type { TemporaryJournal } from '../../tasks/own-configuration/journal.ts';
import { leftParts, leftWords } from '../../tasks/own-configuration/left.ts';
import { Failure } from '../../text/failure.ts';
import type { LeftOver } from './journal.ts';
import { readLeftOvers } from './one-off.ts';

/** So many environments are looked at, so many at once: each costs two requests. */
const [MOST, AT_ONCE] = [50, 4];

const ONE_OFFS = 'left-by-discoveries';

/** For the doctor: what interrupted runs of this machine, and discoveries and probes in the first environments, left behind. */
export async function leftBehind(session: Session, journal: TemporaryJournal, signal: AbortSignal): Promise<Finding[]> {
  return [await leftByRuns(session, journal, signal), ...(await leftByOneOffs(session, signal))];
}

async function leftByRuns(session: Session, journal: TemporaryJournal, signal: AbortSignal): Promise<Finding> {
  const id = 'left-by-runs';
  const left = await leftParts(session, journal, signal);
  if (left.length === 0) {
    return { id, verdict: 'pass', evidence: 'No run of this machine has left anything behind', advice: '' };
  }
  const advice = '`mwaa-console run --clean-up` removes it, in the console `:clean-up-runs`.';
  return { id, verdict: 'warning', evidence: leftWords(left), advice };
}

/** One finding where nothing is left, else one for each environment; what can't be read is told, not taken for nothing. */
async function leftByOneOffs(session: Session, signal: AbortSignal): Promise<Finding[]> {
  try {
    const names = await listEnvironmentNames(session, signal);
    const pool = new Pool(AT_ONCE);
    const looked = names.slice(0, MOST).map((name) => pool.run(() => leftIn(session, name, signal), signal));
    const found = (await Promise.all(looked)).flat();
    if (names.length > MOST) found.push(unread(`Of ${names.length} environments the first ${MOST} were looked at`));
    if (found.length > 0) return found;
    return [{ id: ONE_OFFS, verdict: 'pass', evidence: 'No discovery or probe has left anything behind', advice: '' }];
  } catch (error) {
    if (!(error instanceof Failure) || signal.aborted) throw error;
    return [unread(`What discoveries left can't be read: ${error.message}`)];
  }
}

async function leftIn(session: Session, name: string, signal: AbortSignal): Promise<Finding[]> {
  try {
    const environment = await readEnvironment(session, name, signal);
    const left = await readLeftOvers({ session, environment }, signal);
    if (left.length === 0) return [];
    const advice = `\`mwaa-console connection ${name} --discover\` takes it away, in the console \`:clean-up\` on its connection.`;
    return [{ id: ONE_OFFS, verdict: 'warning', evidence: words(name, left), advice }];
  } catch (error) {
    if (!(error instanceof Failure) || signal.aborted) throw error;
    return [unread(`What discoveries left in ${name} can't be read: ${error.message}`)];
  }
}

function unread(evidence: string): Finding {
  return { id: ONE_OFFS, verdict: 'unknown', evidence, advice: '' };
}

function words(environment: string, left: readonly LeftOver[]): string {
  const each = left.map(({ journal: { purpose, id, startedBy } }) => `${id} of a ${purpose} of ${startedBy}`);
  return `Left behind in ${environment}: ${each.join(', ')}`;
}
