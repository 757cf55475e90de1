import { type Connection, endpointWords } from '../../../connection/connection.ts';
import { connectionText, isKnown } from '../../../connection/forms.ts';
import type { ProbeResult } from '../../../connection/probe/stages.ts';
import { restWords } from '../../../connection/rest-words.ts';
import type { Row, Segment } from '../../row.ts';
import type { Choice } from '../../stores/dialogs.ts';
import { fieldRows } from '../field-rows.ts';

const NAMES = 10;
/** As many dots for every password: how long it is, is nobody's. */
const MASK = '••••••••';

/** What the card shows beside the connection itself. */
export interface CardState {
  /** Whether this machine reaches the database, once that is known. */
  readonly reach: ProbeResult | undefined;
  /** Whether the password is shown now, and for how many seconds more. */
  readonly revealedFor: number | undefined;
  readonly working: { readonly what: string; readonly told: string } | undefined;
  /** What interrupted runs left behind, one sentence each. */
  readonly leftOvers: readonly string[];
}

const dim = (text: string): Segment => ({ text, tone: 'dim' });

/** The card of a connection in rows of `columns` cells. */
export function cardRows(found: Connection, state: CardState, columns: number): readonly Row[] {
  const { host, port, securityGroups, warnings, restRoute, probe, restChecks } = found;
  const endpoint = endpointWords(found);
  const field = (name: string, value: Row) => fieldRows(name, value, { columns, names: NAMES });
  return [
    ...(state.working === undefined
      ? []
      : field('now', [
          { text: state.working.what, tone: 'running' },
          dim(state.working.told === '' ? ' …' : `: ${state.working.told}`),
        ])),
    ...field(
      'host',
      host === null ? [{ text: 'not found', tone: 'warn' }] : [{ text: host, bold: true }, { text: ` : ${port}` }],
    ),
    ...(state.reach === undefined || probe !== null ? [] : field('reach', reachWords(state.reach))),
    ...login(found, state).flatMap(([name, value]) => field(name, value)),
    ...(endpoint === undefined ? [] : field('endpoint', endpoint)),
    ...securityGroups.flatMap(({ id, name, admits }) => [
      ...field('admits', [
        { text: admits.length === 0 ? 'nobody' : admits.join(', '), tone: admits.length === 0 ? 'warn' : 'plain' },
        dim(`   by ${id} ${name}`),
      ]),
    ]),
    ...(probe === null ? [] : probeRows('from here', probe.here, field)),
    ...(probe?.vpc == null ? [] : probeRows('from the VPC', probe.vpc, field)),
    ...(probe?.plan ?? []).flatMap((line, index) => field(index === 0 ? 'plan' : '', line)),
    ...state.leftOvers.flatMap((text) => field('left over', [{ text, tone: 'warn' }])),
    ...warnings.flatMap((text) => field('warning', [{ text, tone: 'warn' }])),
    '',
    ...field('REST route', restRoute.advice),
    ...(restChecks === null ? [] : restWords(restChecks)).flatMap(({ whom, text, tone, advice }) => [
      ...field('', [{ text: whom === undefined ? '' : `${whom}: ` }, { text, tone }]),
      ...(advice === undefined ? [] : field('', advice)),
    ]),
    ...field('next', 'I deploys this environment’s own metadata as an ingestion, filled in.'),
    '',
    [dim('The connection for OpenMetadata (y copies it):')],
    ...indented(restRoute.yaml),
    '',
    [dim('What the role that the ingestion acts as needs:')],
    ...indented(JSON.stringify(restRoute.statement, null, 2)),
  ];
}

function login({ database, user, password, sslMode, source }: Connection, state: CardState): readonly [string, Row][] {
  const ssl = [dim('     sslmode  '), { text: sslMode }];
  if (source !== 'discovery') {
    if (database === null) return [['database', 'none for tasks']];
    const user: Segment[] = [dim('     user  '), { text: 'not known from outside' }, dim('  F finds it')];
    return [['database', [{ text: database }, ...user, ...ssl]]];
  }
  const shown: Segment[] =
    state.revealedFor === undefined
      ? [{ text: MASK }, dim('   v reveals it for 30 s')]
      : [{ text: password ?? '', bold: true }, dim(`   hidden in ${state.revealedFor} s`)];
  return [
    ['database', [{ text: database ?? '' }, dim('     user  '), { text: user ?? '' }, ...ssl]],
    ['password', shown],
  ];
}

function reachWords({ ok, stages }: ProbeResult): Row {
  if (ok) return [{ text: 'from here: yes', tone: 'ok' }];
  const failed = stages.find(({ state }) => state === 'failed');
  // Its words would say again what the host's row says: why is told by a test.
  if (failed?.stage === 'name' || failed?.stage === 'tcp') {
    return [{ text: 'from here: no' }, dim('   it needs the VPC; T tests from there')];
  }
  return [{ text: 'from here: no', tone: 'warn' }, dim(`   ${failed?.detail ?? ''}`)];
}

type Field = (name: string, value: Row) => readonly Row[];

function probeRows(place: string, { ok, stages }: ProbeResult, field: Field): readonly Row[] {
  const reached = stages.filter(({ state }) => state === 'ok').map(({ stage }) => stage);
  const failed = stages.find(({ state }) => state === 'failed');
  const schema = stages.find(({ stage, state }) => stage === 'schema' && state === 'ok');
  const head: Segment[] = [
    { text: `${place}: `, tone: 'plain' },
    ok ? { text: 'works', tone: 'ok' } : { text: `fails at ${failed?.stage ?? '?'}`, tone: 'error' },
    dim(reached.length === 0 ? '' : `   ${reached.join(' > ')}`),
  ];
  return [
    ...field('probe', head),
    ...(schema === undefined ? [] : field('', [dim(schema.detail)])),
    ...(failed === undefined
      ? []
      : [...field('', [{ text: failed.detail, tone: 'error' }]), ...field('', failed.advice ?? '')]),
  ];
}

function indented(text: string): readonly Row[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line): Row => `  ${line}`);
}

/** What `y` offers; where the login is not known, its place is marked to be filled in. */
export function copyForms(found: Connection, webserverUrl: string | undefined): readonly Choice<string>[] {
  const { host, port, database, restRoute } = found;
  const rest = { label: 'OpenMetadata YAML', value: restRoute.yaml, hint: 'the REST connection' };
  const statement = {
    label: 'IAM statement',
    value: JSON.stringify(restRoute.statement, null, 2),
    hint: 'what the REST route needs',
  };
  if (host === null) return [rest, statement];
  const place = { label: 'host and port', value: `${host}:${port}`, hint: host };
  if (database === null) return [rest, statement, place];
  const known = { ...found, user: found.user ?? 'USER', password: found.user === null ? 'PASSWORD' : found.password };
  if (!isKnown(known)) return [rest, statement, place];
  const hint = found.user === null ? 'user and password to be filled in' : 'with the password';
  return [
    rest,
    statement,
    place,
    { label: 'URI', value: connectionText(known, 'uri'), hint },
    { label: 'psql', value: connectionText(known, 'psql'), hint },
    { label: 'environment variables', value: connectionText(known, 'environment'), hint },
    ...(found.user === null
      ? []
      : [
          {
            label: 'OpenMetadata YAML, database',
            value: connectionText(known, 'openmetadata', webserverUrl),
            hint: 'with the password; legacy',
          },
        ]),
  ];
}
