import type { ServerState } from '../../../fleet/server-state.ts';
import { age, shortAge } from '../../../text/ages.ts';
import { amount } from '../../../text/amount.ts';
import type { Tone } from '../../../text/columns.ts';
import type { Row, Segment } from '../../row.ts';
import type { Polled } from '../../stores/poller.ts';

const TONES: Readonly<Record<string, Tone>> = {
  success: 'ok',
  running: 'running',
  queued: 'running',
  failed: 'error',
  partialSuccess: 'warn',
  stopped: 'warn',
};

/** What OpenMetadata says of itself and of an ingestion, as names and values; `now` in ms since the epoch. */
export function serverRows({ data, failure }: Polled<ServerState>, now: number): readonly (readonly [string, Row])[] {
  if (data === undefined) {
    if (failure === undefined) return [['OpenMetadata', [{ text: '…', tone: 'dim' }]]];
    return [['OpenMetadata', [{ text: `not asked: ${failure.message}`, tone: 'warn' }]]];
  }
  const { health, version, url, failures } = data;
  const [unread] = failures;
  const host = URL.canParse(url) ? new URL(url).host : url;
  const rows: (readonly [string, Row])[] = [
    [
      'OpenMetadata',
      [
        { text: `${version ?? '?'}   ` },
        { text: health.healthy ? 'healthy' : health.detail, tone: health.healthy ? 'ok' : 'error' },
        { text: `   ${host}`, tone: 'dim' },
      ],
    ],
    ['its last run', runValue(data, now)],
  ];
  if (unread !== undefined) rows.push(['not read', [{ text: unread.message, tone: 'warn' }]]);
  return rows;
}

function runValue({ lastRun, failures }: ServerState, now: number): readonly Segment[] {
  if (lastRun === undefined) return [{ text: failures.length > 0 ? '?' : 'it knows none', tone: 'dim' }];
  const { state, startedAt, endedAt, at, steps } = lastRun;
  const when = endedAt ?? at ?? startedAt;
  const took = startedAt === undefined || endedAt === undefined ? '' : ` in ${age(endedAt - startedAt)}`;
  const total = (of: 'records' | 'warnings' | 'errors', noun: string) =>
    amount(
      steps.reduce((sum, step) => sum + (step[of] ?? 0), 0),
      noun,
    );
  const counts =
    steps.length === 0
      ? ''
      : `: ${total('records', 'record')}, ${total('warnings', 'warning')}, ${total('errors', 'error')}`;
  return [
    { text: state === '' ? 'no state told' : state, tone: TONES[state] ?? 'plain' },
    { text: `${took}${when === undefined ? '' : `, ${shortAge(now - when)} ago`}${counts}` },
  ];
}
