import { type OneOffWork, runJournalledDag } from '../../deployment/one-off/one-off.ts';
import type { Environment } from '../../fleet/environments.ts';
import { Failure } from '../../text/failure.ts';
import { discoveryDagSource, SEALED_MARK, sealedInLine } from './dag-source.ts';
import { type DiscoveredConnection, parseDiscovery } from './parse.ts';
import { Seal } from './seal.ts';

/** A discovery's end: the connection, and what of the discovery could not be taken away again. */
export interface Discovery {
  readonly found: DiscoveredConnection;
  readonly remains: readonly string[];
}

/**
 * Finds user and password of an environment's metadata database by a one-off DAG that encrypts them to a key made for
 * this one discovery. Nothing of them passes through a log, the bucket or the journal; the DAG with its run and answer
 * is gone afterwards. Takes 2 to 12 minutes on MWAA; `early` has it before
 * the removal, which takes some of them. Throws Failure 'refused' for Airflow 3, which gives its tasks no
 * database (aws/agent-toolkit-for-aws, airflow2-to-3-checklist.md).
 */
export async function discover(
  work: OneOffWork,
  early: (found: DiscoveredConnection) => void = () => {},
): Promise<Discovery> {
  const { name, airflowVersion } = work.environment;
  if (hidesDatabase(work.environment)) {
    throw new Failure(
      'refused',
      `${name} runs Airflow ${airflowVersion}, which gives its tasks no metadata database.`,
      {
        advice: `There is nothing to discover. Use the REST route: \`connection ${name}\` prints it.`,
        resource: name,
      },
    );
  }
  const seal = new Seal();
  const { discoveryId, publicKey } = seal;
  const dag = (dagId: string) => {
    const source = (handOver: 'xcom' | 'log') => discoveryDagSource({ dagId, discoveryId, publicKey, handOver });
    return { source: source('xcom'), byLog: { source: source('log'), mark: SEALED_MARK } };
  };
  const read = (pushed: unknown) => {
    const text = String(pushed);
    const found = parseDiscovery(seal.open(sealedInLine(text) || text));
    early(found);
    return found;
  };
  const { value, remains } = await runJournalledDag(work, 'discovery', dag, read);
  return { found: value, remains };
}

/** Whether an environment's tasks are kept from the metadata database: from Airflow 3 on. */
export function hidesDatabase({ airflowVersion }: Pick<Environment, 'airflowVersion'>): boolean {
  return Number.parseInt(airflowVersion, 10) >= 3;
}
