import { Failure } from '../../text/failure.ts';
import type { Console } from '../console.ts';
import { browserCommand, openSecretAddress } from '../terminal/browser.ts';
import { safeLink } from '../terminal/links.ts';

/** The answer is there at once or not at all, ms. */
const TIMEOUT = 30_000;

/**
 * Opens an environment's Airflow in the browser, signed in by a token that is good for 60 s (MWAA user guide,
 * "Create an Apache Airflow web server access token"). Where this machine has no browser the address is copied.
 */
export async function openAirflowInBrowser(console: Console, environment: string): Promise<void> {
  const sure = await console.dialogs.confirm({
    title: `Open Airflow of ${environment}`,
    lines: ['A login token is made for your browser; it acts with your rights in Airflow and is good for 60 s.'],
    yes: 'sign in there',
    writes: true,
  });
  if (!sure) return;
  const answer = await console
    .openSession()
    .mwaa.createWebLoginToken({ Name: environment }, { signal: AbortSignal.timeout(TIMEOUT) });
  const { WebServerHostname: host, WebToken: token } = answer;
  const base = safeLink(`https://${host ?? ''}/aws_mwaa/aws-console-sso?login=true`);
  if (base === undefined || token === undefined || !/^[\w.~+/=-]+$/.test(token)) {
    throw new Failure('service', `AWS gave no address to sign in to Airflow of ${environment}.`, {
      advice: 'Try again in a minute.',
      resource: environment,
    });
  }
  const address = `${base}#${token}`;
  const command = browserCommand(console.options.environment);
  if (command === undefined) {
    if ((await console.copy(address)).ok)
      console.notices.flash('No browser here: the address is copied, for 60 s', 'warn');
    return;
  }
  await openSecretAddress(command, address);
  console.notices.flash(`Airflow of ${environment} opens in the browser`);
}
