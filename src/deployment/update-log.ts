import type { Session } from '../aws/session.ts';
import type { Environment } from '../fleet/environments.ts';
import { Failure } from '../text/failure.ts';

/** What an update's containers told of their installation. `absent`: they told nothing, which is no success. */
export interface Installation {
  readonly state: 'installed' | 'failed' | 'absent';
  /** The first line that says why pip installed nothing. */
  readonly line?: string;
}

/** One line that a starting container wrote. */
export interface UpdateLine {
  /** `scheduler`, `worker` or `webserver`. */
  readonly component: string;
  readonly text: string;
}

/** The streams that starting containers write, requirements first (facts of the MWAA images, user guide). */
const STREAMS = ['requirements_install', 'startup_script'] as const;
const COMPONENTS = ['worker', 'scheduler', 'webserver'] as const;
/** Lines may arrive so much later than they were written: ms. */
const OVERLAP = 60_000;
/** How long a failed update's reason is waited for, and how often it is looked for meanwhile: ms. */
const LAST_LINES = 60_000;
const LAST_LOOK = 15_000;
/** Says that pip failed, and not why. */
const EXIT_LINE = /pip installation exited/;

/** Follows an environment's update in its own log groups: the installation of requirements and the startup script. */
export class UpdateLog {
  readonly #session: Session;
  readonly #groups: readonly { readonly component: string; readonly group: string }[];
  readonly #since: number;
  readonly #seen = new Set<string>();
  #from: number;
  #installed = false;
  #failing: string | undefined;
  #exited: string | undefined;

  /** @param since when the update was asked for, by AWS's clock: ms since the epoch. */
  constructor(session: Session, { logGroups }: Environment, since: number) {
    this.#session = session;
    this.#since = since;
    this.#from = since;
    this.#groups = COMPONENTS.flatMap((component) => {
      const log = logGroups[component];
      return log?.enabled && log.group !== undefined ? [{ component, group: log.group }] : [];
    });
  }

  /** The lines since the last look, oldest first. A group that can't be read tells nothing. */
  async poll(signal: AbortSignal): Promise<UpdateLine[]> {
    const found: { readonly at: number; readonly line: UpdateLine }[] = [];
    for (const { component, group } of this.#groups) {
      for (const prefix of STREAMS) {
        for (const { id, at, text } of await this.#events(group, prefix, signal)) {
          if (this.#seen.has(id)) continue;
          this.#seen.add(id);
          found.push({ at, line: { component, text } });
        }
      }
    }
    found.sort((one, other) => one.at - other.at);
    const newest = found.at(-1)?.at;
    if (newest !== undefined) this.#from = Math.max(this.#since, newest - OVERLAP);
    for (const { line } of found) this.#note(line.text);
    return found.map(({ line }) => line);
  }

  /** Looks on for a while where no line has told yet why the installation failed: the last ones may still be on their way. */
  async pollForReason(signal: AbortSignal): Promise<UpdateLine[]> {
    const { clock } = this.#session;
    const lines: UpdateLine[] = [];
    for (const until = clock.now() + LAST_LINES; this.#failing === undefined && clock.now() < until; ) {
      await clock.sleep(LAST_LOOK, signal);
      lines.push(...(await this.poll(signal)));
    }
    return lines;
  }

  get installation(): Installation {
    const line = this.#failing ?? this.#exited;
    if (line !== undefined) return { state: 'failed', line };
    return { state: this.#installed ? 'installed' : 'absent' };
  }

  #note(text: string): void {
    if (/Successfully installed|already satisfied/.test(text)) this.#installed = true;
    const error = /ERROR: .*/.exec(text)?.[0];
    if (error === undefined) return;
    if (EXIT_LINE.test(error)) this.#exited ??= error;
    else this.#failing ??= error;
  }

  async #events(group: string, prefix: string, signal: AbortSignal) {
    const events: { readonly id: string; readonly at: number; readonly text: string }[] = [];
    let token: string | undefined;
    try {
      do {
        const page = await this.#session.logs.filterLogEvents(
          {
            logGroupName: group,
            logStreamNamePrefix: prefix,
            startTime: Math.floor(this.#from),
            ...(token === undefined ? {} : { nextToken: token }),
          },
          { signal },
        );
        for (const { eventId, timestamp, message } of page.events ?? []) {
          events.push({ id: eventId ?? '', at: timestamp ?? 0, text: message ?? '' });
        }
        token = page.nextToken;
      } while (token !== undefined);
    } catch (error) {
      if (!(error instanceof Failure) || signal.aborted) throw error;
    }
    return events;
  }
}
