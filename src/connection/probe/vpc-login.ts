import type { OneOffWork } from '../../deployment/one-off/one-off.ts';
import type { Registered } from '../../fleet/registrable.ts';
import { withConfiguration } from '../../tasks/own-configuration/definition.ts';
import { planParts } from '../../tasks/own-configuration/parts.ts';
import type { OwnRun } from '../../tasks/own-configuration/plan.ts';
import { Failure } from '../../text/failure.ts';
import type { DiscoveredConnection } from '../discovery/parse.ts';
import type { ProbePlace } from './vpc.ts';
import { LOGIN_VARIABLE, type ProgramArguments, probeCommand } from './vpc-program.ts';

/**
 * The run of a probe that logs in: the ingestion's own task definition with the probe as its command and, instead of the
 * ingestion's configuration, the login from a secret that only the task's execution role may read. Changes nothing.
 */
export async function planLoginProbe(
  { session, environment, signal }: Pick<OneOffWork, 'session' | 'environment' | 'signal'>,
  place: ProbePlace,
  told: ProgramArguments,
  login: DiscoveredConnection,
): Promise<OwnRun> {
  const named = (_: string, unique: string) => `mwaa-console/${environment.name}/probe-${unique}`;
  const { base, parts } = await planParts(session, place, named, signal);
  if (base?.executionRoleArn === undefined) {
    throw new Failure('refused', `${place.taskDefinition} has no execution role, so its tasks can read no secret.`);
  }
  return {
    parts,
    request: { ...place, startedBy: 'mwaa-console/probe', clientToken: parts.id },
    content: loginsText(login),
    revision: (secretArn) => probeRevision(base, place, told, secretArn),
    shown: { configuration: '', diff: '', reader: base.executionRoleArn },
  };
}

/** The logins to try in libpq's keywords, as psycopg2 takes them. */
function loginsText({ host, port, database, sslMode, hostAddress, candidates }: DiscoveredConnection): string {
  const place = { host, port, dbname: database, sslmode: sslMode };
  const address = hostAddress === undefined ? {} : { hostaddr: hostAddress };
  return JSON.stringify(candidates.map((candidate) => ({ ...place, ...address, ...candidate })));
}

function probeRevision(base: Registered, { container }: ProbePlace, told: ProgramArguments, secretArn: string) {
  const revision = withConfiguration(base, container, secretArn);
  return {
    ...revision,
    containerDefinitions: revision.containerDefinitions?.map((each) =>
      each.name !== container
        ? each
        : {
            ...each,
            command: probeCommand(told),
            environment: [],
            secrets: [{ name: LOGIN_VARIABLE, valueFrom: secretArn }],
          },
    ),
  };
}
