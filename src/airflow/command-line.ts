import { sendHttp } from '../aws/http.ts';
import type { Session } from '../aws/session.ts';
import { Failure } from '../text/failure.ts';

/** How long a command may take, ms: some load every DAG first. */
const TIMEOUT = 60_000;

/** What an Airflow command printed. */
export interface CommandOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs an Airflow command on an environment's web server, as `airflow` would: with a token of CreateCliToken, which
 * lives 60 s (MWAA user guide, call-mwaa-apis-cli). It needs a way to the web server, and airflow:CreateCliToken on the
 * environment. Whether the command succeeded is not told but by what it printed.
 */
export async function airflowCommand(
  session: Session,
  environment: string,
  command: string,
  signal: AbortSignal,
): Promise<CommandOutput> {
  const { CliToken: token = '', WebServerHostname: host = '' } = await session.mwaa.createCliToken(
    { Name: environment },
    { signal },
  );
  const url = webServer(session, host);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'text/plain' };
  const failed = (why: string, cause?: unknown) =>
    new Failure('unreachable', `The web server of ${environment} did not take \`${command}\`: ${why}.`, {
      advice: 'A private web server answers from inside its VPC only: use a VPN, or let InvokeRestApi be allowed.',
      resource: environment,
      cause,
    });
  try {
    const { status, body } = await sendHttp({ url, method: 'POST', headers, body: command, signal: limit });
    if (status !== 200) throw failed(`it answered ${status}`);
    const { stdout, stderr } = JSON.parse(body) as Readonly<Record<string, unknown>>;
    return { stdout: decoded(stdout), stderr: decoded(stderr) };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Failure) throw error;
    throw failed(error instanceof Error ? error.message : String(error), error);
  }
}

/** The command line's address; that of an endpoint of this machine is the endpoint itself, which is all there is. */
function webServer({ endpoint }: Session, host: string): URL {
  if (endpoint !== undefined && /^http:\/\/(?:127\.|localhost[:/])/.test(endpoint)) {
    return new URL('/aws_mwaa/cli', endpoint);
  }
  return new URL(`https://${host}/aws_mwaa/cli`);
}

function decoded(text: unknown): string {
  return typeof text === 'string' ? Buffer.from(text, 'base64').toString('utf8') : '';
}
