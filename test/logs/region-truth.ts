import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';

const LOGS = { service: 'logs', operation: 'FilterLogEvents' };

/** The fault of credentials that have expired. */
export const EXPIRED = {
  kind: 'error',
  status: 400,
  code: 'ExpiredTokenException',
  message: 'The security token included in the request is expired',
};

/** Asks an embedded region for a fault of FilterLogEvents. */
export async function faultOfReads(url: string, plan: object): Promise<void> {
  const answer = await fetch(`${url}/_demo/faults`, { method: 'POST', body: JSON.stringify({ ...LOGS, ...plan }) });
  if (!answer.ok) throw new Error(`The fault was refused: ${await answer.text()}`);
}

/** When FilterLogEvents was asked of an embedded region so far, ms of its time. */
export async function readTimes(url: string): Promise<number[]> {
  const answer = await fetch(`${url}/_demo/requests?${new URLSearchParams(LOGS)}`);
  return ((await answer.json()) as { requests: { at: number }[] }).requests.map(({ at }) => at);
}

/** Ids of all events that the region has of the groups, as the SDK alone reads them. */
export async function heldIds(endpoint: string, groups: readonly string[]): Promise<string[]> {
  await fetch(`${endpoint}/_demo/faults`, { method: 'DELETE' });
  const client = new CloudWatchLogsClient({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIADEMOADMIN0000000', secretAccessKey: 'demo' },
  });
  const ids: string[] = [];
  for (const logGroupName of groups) {
    let nextToken: string | undefined;
    do {
      const page = await client.send(
        new FilterLogEventsCommand({ logGroupName, startTime: 0, ...(nextToken && { nextToken }) }),
      );
      ids.push(...(page.events ?? []).map((event) => event.eventId ?? ''));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
  }
  client.destroy();
  return ids;
}
