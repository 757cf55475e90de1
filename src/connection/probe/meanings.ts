import { isSqlState, type ProbeResult, type ProbeStage } from './stages.ts';

type Place = ProbeResult['from'];

/** What a failure of the network means, by the system's own code (`ENOTFOUND`, `ECONNREFUSED`, `ETIMEDOUT`, …). */
export function networkMeaning(stage: ProbeStage, code: string, from: Place): string {
  if (stage === 'name') {
    return from === 'here'
      ? 'The name of a VPC endpoint resolves everywhere; without an answer, DNS itself fails here or the endpoint is gone.'
      : 'The VPC does not resolve the name: look at its DNS support, and whether the endpoint is still there.';
  }
  if (code === 'ECONNREFUSED')
    return 'Something answers at that address, but nothing listens on the port: wrong port, or another host.';
  if (code === 'ENETUNREACH' || code === 'EHOSTUNREACH' || code === 'EADDRNOTAVAIL') {
    return 'There is no route: the endpoint has private addresses. Use a VPN into the VPC, or probe from an ECS task in it.';
  }
  return from === 'here'
    ? 'No answer: from outside the VPC that is to be expected, its addresses are private. Inside it, the endpoint’s security group does not admit you.'
    : 'No answer: the security group of the endpoint does not admit the task’s, or the subnets have no route to it.';
}

/** What it means that the server has no TLS where the mode wants it. */
export const NO_TLS =
  'MWAA’s database always offers TLS: this is another server, or something between that does not pass it on.';

/** What it means that TLS was begun and not agreed on. */
export const BROKEN_TLS = 'Something between here and the database breaks TLS up, or the server’s TLS is broken.';

/** What it means that the first message is answered by silence, an end or something else. */
export const NOT_POSTGRES =
  'This is no PostgreSQL, or something between (a proxy, a load balancer without a target) that has none behind it.';

/** What it means that a login or a query ends without a word of PostgreSQL's own. */
export const BROKEN_OFF =
  'The server ended the conversation, or did not answer in time. Try again; a server that starts or is overloaded does so.';

/** What PostgreSQL's own refusal means, by its SQLSTATE. */
export function refusalMeaning(sqlState: string | undefined): string {
  switch (sqlState) {
    case '28P01':
      return 'The password is not the right one: it was probably rotated, or replaced by RDS IAM tokens. Discover it again; if that does not help, use the REST route.';
    case '28000':
      return 'The server does not let this user in from here, or not without TLS (pg_hba.conf). RDS IAM tokens may have replaced the password.';
    case '3D000':
      return 'There is no database of that name on the server: the connection belongs to another environment, or was renamed.';
    case '53300':
      return 'The server has no connection left: Airflow itself may be suffering. Try again later.';
    case '57P03':
      return 'The server is starting or stopping. Try again in a minute.';
    case '42P01':
      return 'The database holds no Airflow schema: it is another one, or Airflow has not made its tables yet.';
    case '42501':
      return 'The user may log in, but not read Airflow’s tables.';
    default:
      return 'See PostgreSQL’s own words.';
  }
}

/** What a stage's failure means that the probe's task tells of, by the code that its program gives. */
export function toldMeaning(stage: ProbeStage, code: string): string {
  switch (stage) {
    case 'name':
    case 'tcp':
      return networkMeaning(stage, code, 'vpc');
    case 'tls':
      return code === 'NOTLS' ? NO_TLS : BROKEN_TLS;
    case 'handshake':
      return NOT_POSTGRES;
    case 'login':
    case 'schema':
      return isSqlState(code) ? refusalMeaning(code) : BROKEN_OFF;
  }
}
