import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { RunningRegion } from '../../../src/demo/region.ts';
import { clientOptions, NOON } from '../core/bench.ts';

/** Every message of the streams with a prefix, in order, since noon of the tests. */
export async function linesOf(running: RunningRegion, logGroupName: string, prefix: string): Promise<string[]> {
  const logs = new CloudWatchLogsClient(clientOptions(running));
  const messages: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await logs.send(
      new FilterLogEventsCommand({
        logGroupName,
        logStreamNamePrefix: prefix,
        startTime: NOON,
        ...(nextToken === undefined ? {} : { nextToken }),
      }),
    );
    messages.push(...(page.events ?? []).map(({ message = '' }) => message));
    ({ nextToken } = page);
  } while (nextToken !== undefined);
  return messages;
}
