import { actionsFor, type Feature } from '../reference/operations.ts';
import { Failure } from '../text/failure.ts';
import type { Verdict } from '../text/verdict.ts';
import type { Session } from './session.ts';
import { callerPrincipal, simulate } from './simulate.ts';

/** One finding of the doctor. */
export interface Finding {
  readonly id: string;
  readonly verdict: Verdict;
  readonly evidence: string;
  /** Empty where there is nothing to do. */
  readonly advice: string;
}

/** What is known of the terminal. */
export interface TerminalFacts {
  readonly isTTY: boolean;
  /** In cells. */
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  /** The variable TERM. */
  readonly term?: string | undefined;
}

/** Features whose permissions are asked about, in words. */
const FEATURES: readonly (readonly [Feature, string])[] = [
  ['estate', 'the dashboard'],
  ['logs', 'reading and following logs'],
  ['airflow', "an environment's Airflow"],
  ['plan', 'planning a deployment'],
  ['deploy', 'deploying'],
  ['run', 'running an ingestion task'],
  ['connection', "the metadata database's connection"],
];

/**
 * What this machine and these credentials can do, each finding with what would mend it: Node, terminal, credentials,
 * endpoint, and the permissions of each feature as IAM predicts them. What keeps one from knowing who is signed in is told apart.
 */
export async function examine(
  open: () => Promise<Session>,
  terminal: TerminalFacts,
  signal: AbortSignal,
): Promise<{ readonly findings: readonly Finding[]; readonly failure: Failure | undefined }> {
  const findings: Finding[] = [nodeVersion(), terminalFinding(terminal)];
  const { session, failure, finding } = await account(open, signal);
  findings.push(finding);
  if (session !== undefined) {
    findings.push(await reach(session, signal));
    findings.push(...(await permissions(session, signal)));
  }
  return { findings, failure };
}

function nodeVersion(): Finding {
  const major = Number.parseInt(process.versions.node, 10);
  const old = major < 22;
  return {
    id: 'node',
    verdict: old ? 'warning' : 'pass',
    evidence: `Node ${process.versions.node}`,
    advice: old ? 'Node 20 has left support, and the AWS SDK drops it in January 2027: use 22 or 24.' : '',
  };
}

function terminalFinding({ isTTY, columns = 0, rows = 0, term = '' }: TerminalFacts): Finding {
  if (!isTTY) {
    return {
      id: 'terminal',
      verdict: 'warning',
      evidence: 'Standard output is no terminal: no console here',
      advice: '',
    };
  }
  const small = columns < 60 || rows < 15;
  const dumb = term === 'dumb';
  return {
    id: 'terminal',
    verdict: small || dumb ? 'warning' : 'pass',
    evidence: `Terminal ${columns}x${rows}, TERM=${term}`,
    advice: dumb
      ? 'TERM=dumb shows no console; the commands work.'
      : small
        ? 'The console needs 60x15; 80x24 is comfortable.'
        : '',
  };
}

async function account(
  open: () => Promise<Session>,
  signal: AbortSignal,
): Promise<{ session?: Session; failure?: Failure; finding: Finding }> {
  try {
    const session = await open();
    const { account: id, arn } = await session.identity(signal);
    return {
      session,
      finding: { id: 'credentials', verdict: 'pass', evidence: `Account ${id} as ${arn}`, advice: '' },
    };
  } catch (error) {
    if (!(error instanceof Failure) || error.kind === 'interrupted') throw error;
    const finding: Finding = {
      id: 'credentials',
      verdict: 'fail',
      evidence: error.message,
      advice: error.advice ?? '',
    };
    return { failure: error, finding };
  }
}

async function reach(session: Session, signal: AbortSignal): Promise<Finding> {
  const place = session.endpoint ?? `AWS in ${session.region}`;
  try {
    await session.mwaa.listEnvironments({ MaxResults: 1 }, { signal });
    return { id: 'endpoint', verdict: 'pass', evidence: `MWAA answers at ${place}`, advice: '' };
  } catch (error) {
    if (!(error instanceof Failure) || signal.aborted) throw error;
    const verdict = error.kind === 'denied' ? 'warning' : 'fail';
    return { id: 'endpoint', verdict, evidence: `MWAA at ${place}: ${error.message}`, advice: error.advice ?? '' };
  }
}

async function permissions(session: Session, signal: AbortSignal): Promise<Finding[]> {
  try {
    const principal = await callerPrincipal(session, signal);
    return await Promise.all(
      FEATURES.map(async ([feature, words]): Promise<Finding> => {
        const calls = actionsFor(feature).map((action) => ({ action, resource: '*' }));
        const predictions = await simulate(session, { principal, calls }, signal);
        const denied = predictions.filter(({ decision }) => decision === 'denied').map(({ action }) => action);
        return {
          id: `permissions-${feature}`,
          verdict: denied.length === 0 ? 'pass' : 'warning',
          evidence: denied.length === 0 ? `Permissions for ${words}` : `Not allowed for ${words}: ${denied.join(', ')}`,
          advice:
            denied.length === 0
              ? ''
              : 'IAM predicts it for all resources; docs/PERMISSIONS.md has a policy for each feature.',
        };
      }),
    );
  } catch (error) {
    if (!(error instanceof Failure) || signal.aborted) throw error;
    return [
      {
        id: 'permissions',
        verdict: 'unknown',
        evidence: `Not allowed to check permissions: ${error.message}`,
        advice: 'Everything may work all the same; a refusal names the action that is missing.',
      },
    ];
  }
}
