import { unlessMissing } from '../aws/found.ts';
import type { Session } from '../aws/session.ts';
import { Failure } from '../text/failure.ts';
import type { Connection } from './connection.ts';
import { connectionText, isKnown } from './forms.ts';

/** What storing came to. */
export interface StoredConnection {
  readonly name: string;
  readonly arn: string;
  readonly action: 'created' | 'updated' | 'unchanged';
}

/**
 * Keeps a discovered connection in Secrets Manager under a name, in the members that RDS secrets have, and a URI. A
 * secret of that name gets it as its new version; one scheduled for deletion is brought back. Throws Failure 'refused'
 * where no login is known.
 */
export async function storeConnection(
  session: Session,
  connection: Connection,
  name: string,
  signal: AbortSignal,
): Promise<StoredConnection> {
  if (!isKnown(connection) || connection.password === null) {
    throw new Failure('refused', `The login of ${connection.environment}'s database is not known: nothing to store.`, {
      advice: 'Discover it first.',
      resource: name,
    });
  }
  const value = secretText(connection, connectionText(connection, 'uri'));
  const found = await unlessMissing(session.secretsManager.describeSecret({ SecretId: name }, { signal }));
  if (found === undefined) {
    const made = await session.secretsManager.createSecret(
      {
        Name: name,
        Description: `Metadata database of the MWAA environment ${connection.environment}, by mwaa-console`,
        SecretString: value,
      },
      { signal },
    );
    return { name, arn: made.ARN ?? name, action: 'created' };
  }
  if (found.DeletedDate !== undefined) await session.secretsManager.restoreSecret({ SecretId: name }, { signal });
  const current = await unlessMissing(session.secretsManager.getSecretValue({ SecretId: name }, { signal }));
  if (current?.SecretString === value) return { name, arn: found.ARN ?? name, action: 'unchanged' };
  if (current?.SecretString !== undefined && !isOurs(current.SecretString)) {
    throw new Failure('refused', `${name} holds something else than a database connection.`, {
      advice: 'Choose another name.',
      resource: name,
    });
  }
  await session.secretsManager.putSecretValue({ SecretId: name, SecretString: value }, { signal });
  return { name, arn: found.ARN ?? name, action: 'updated' };
}

function secretText(connection: Connection, uri: string): string {
  const { host, port, database, user, password, sslMode } = connection;
  return JSON.stringify({
    engine: 'postgres',
    host,
    port,
    dbname: database,
    username: user,
    password,
    sslmode: sslMode,
    uri,
  });
}

/** Whether a secret holds a PostgreSQL connection: anything else is somebody's, and stays. */
function isOurs(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && (value as { engine?: unknown }).engine === 'postgres';
  } catch {
    return false;
  }
}
