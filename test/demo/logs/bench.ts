import {
  CloudWatchLogsClient,
  type FilteredLogEvent,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
} from '@aws-sdk/client-cloudwatch-logs';
import type { LogsService } from '../../../src/demo/logs/service.ts';
import type { RunningRegion } from '../../../src/demo/region.ts';
import type { HandClock } from '../../support/hand-clock.ts';
import { clientOptions, regionOfFile } from '../core/bench.ts';

/** A region of a test file, with a Logs client. */
export class LogsBench {
  readonly #bench = regionOfFile();
  #client: CloudWatchLogsClient | undefined;

  get running(): RunningRegion {
    return this.#bench.running;
  }

  get clock(): HandClock {
    return this.#bench.clock;
  }

  get service(): LogsService {
    return this.running.region.logs;
  }

  get logs(): CloudWatchLogsClient {
    this.#client ??= new CloudWatchLogsClient(clientOptions(this.running));
    return this.#client;
  }

  as(accessKeyId: string): CloudWatchLogsClient {
    return new CloudWatchLogsClient(clientOptions(this.running, accessKeyId));
  }

  /** Every page of a search, as its events and as how many each page had. */
  async search(input: FilterLogEventsCommandInput): Promise<{ events: FilteredLogEvent[]; pages: number[] }> {
    const events: FilteredLogEvent[] = [];
    const pages: number[] = [];
    let nextToken: string | undefined;
    do {
      const page = await this.logs.send(
        new FilterLogEventsCommand({ ...input, ...(nextToken === undefined ? {} : { nextToken }) }),
      );
      events.push(...(page.events ?? []));
      pages.push(page.events?.length ?? 0);
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return { events, pages };
  }

  /** Makes a group with lines a second apart that end now, all of them ingested. */
  filled(name: string, count: number, text: (index: number) => string = (index) => `line ${index}`): number {
    this.service.createGroup(name);
    const first = this.clock.now() - (count - 1) * 1_000;
    const lines = Array.from({ length: count }, (_, index) => ({
      timestamp: first + index * 1_000,
      message: text(index),
    }));
    this.service.write(name, 'one', lines, { delay: 0 });
    return first;
  }
}
