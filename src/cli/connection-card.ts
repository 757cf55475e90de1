import { type Connection, endpointWords } from '../connection/connection.ts';
import type { ProbeResult } from '../connection/probe/stages.ts';
import { restWords } from '../connection/rest-words.ts';
import type { Context } from './context.ts';
import type { Printer } from './print.ts';

/** Prints the card of a connection for people. */
export function printConnection({ print }: Pick<Context, 'print'>, found: Connection): void {
  print.line(`host       ${found.host ?? 'not found'}${found.host === null ? '' : ` : ${found.port}`}`);
  const login = `   user ${found.user ?? 'unknown'}   sslmode ${found.sslMode}`;
  print.line(`database   ${found.database === null ? 'none for tasks' : `${found.database}${login}`}`);
  if (found.source === 'discovery') print.line(`password   ${found.password ?? 'found; --reveal prints it'}`);
  const endpoint = endpointWords(found);
  if (endpoint !== undefined) print.line(`endpoint   ${endpoint}`);
  for (const group of found.securityGroups) {
    const whom = group.admits.length === 0 ? 'nobody' : group.admits.join(', ');
    print.line(`admits     ${group.id} ${group.name}: ${whom}`);
  }
  if (found.probe !== null) {
    printProbe(print, 'from here', found.probe.here);
    if (found.probe.vpc !== null) printProbe(print, 'from the VPC', found.probe.vpc);
    for (const [index, line] of found.probe.plan.entries())
      print.line(`${index === 0 ? 'plan      ' : '          '} ${line}`);
  }
  for (const warning of found.warnings) print.line(`warning    ${warning}`, 'warn');
  const { restRoute, restChecks } = found;
  print.line(`REST route ${restRoute.advice}`);
  for (const { whom, text, tone, advice } of restChecks === null ? [] : restWords(restChecks)) {
    print.line(`  ${whom === undefined ? '' : `${whom}: `}${text}`, tone);
    if (advice !== undefined) print.line(`    ${advice}`);
  }
  for (const line of restRoute.yaml.trimEnd().split('\n')) print.line(`  ${line}`);
  print.line('needs this statement on the role that the ingestion acts as:');
  for (const line of JSON.stringify(restRoute.statement, null, 2).split('\n')) print.line(`  ${line}`);
}

function printProbe(print: Printer, place: string, { ok, stages }: ProbeResult): void {
  const reached = stages.findLast(({ state }) => state === 'ok');
  print.line(
    `probe      ${place}: ${ok ? `works, as far as ${reached?.stage ?? 'nothing'}` : 'fails'}`,
    ok ? 'ok' : 'error',
  );
  for (const { stage, state, detail, advice } of stages) {
    if (state === 'skipped' && detail === 'not tried') continue;
    print.line(`  ${stage.padEnd(9)} ${state.padEnd(7)} ${detail}`, state === 'failed' ? 'error' : 'plain');
    if (advice !== undefined) print.line(`                    ${advice}`);
  }
}
