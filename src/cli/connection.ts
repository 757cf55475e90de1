import { type Connection, readConnection } from '../connection/connection.ts';
import { readEnvironment } from '../fleet/environments.ts';
import type { Context } from './context.ts';
import { present } from './present.ts';
import type { Verb } from './program.ts';

/** `connection ENV`: the metadata database's endpoint, and the REST route that replaces it. */
export const connection: Verb = async (context, [name = '']) => {
  const session = await context.session();
  const environment = await readEnvironment(session, name, context.signal);
  const found = connectionJson(await readConnection(session, environment, context.signal));
  if (context.options.output === 'openmetadata') {
    context.print.lines(found.restRoute.yaml);
    return 0;
  }
  await present(context, found, () => printConnection(context, found));
  return 0;
};

/** A connection as `-o json` prints it. */
export function connectionJson(found: Connection): Connection {
  return found;
}

/** Prints the card of a connection for people. */
export function printConnection({ print }: Context, found: Connection): void {
  print.line(`host       ${found.host ?? 'not found'}${found.host === null ? '' : ` : ${found.port}`}`);
  print.line(
    `database   ${found.database ?? 'none for tasks'}   user ${found.user ?? 'unknown'}   sslmode ${found.sslMode}`,
  );
  if (found.endpointId !== null) print.line(`endpoint   ${found.endpointId} ${found.endpointState} in ${found.vpcId}`);
  for (const group of found.securityGroups) {
    const whom = group.admits.length === 0 ? 'nobody' : group.admits.join(', ');
    print.line(`admits     ${group.id} ${group.name}: ${whom}`);
  }
  for (const warning of found.warnings) print.line(`warning    ${warning}`, 'warn');
  const { restRoute } = found;
  print.line(`REST route ${restRoute.advice}`);
  for (const line of restRoute.yaml.trimEnd().split('\n')) print.line(`  ${line}`);
  print.line('needs this statement on the role that the ingestion acts as:');
  for (const line of JSON.stringify(restRoute.statement, null, 2).split('\n')) print.line(`  ${line}`);
}
