import { createStore, type StoreApi } from 'zustand/vanilla';
import { failureOf, isAborted } from './failures.ts';
import type { Flash, Notices } from './notices.ts';
import type { Pace } from './pace.ts';

/** Work that goes on when its screen is left. */
export interface Job<Data = unknown> {
  readonly id: number;
  /** Such as `deploy redshift_ingestion to data-prod`. */
  readonly title: string;
  /** What it has brought so far; its screen paints this. */
  readonly data: StoreApi<Data>;
  readonly done: Promise<void>;
  /** What happens to it when the console is quit, for the question: such as `stops after the current request`. */
  readonly onQuit: string;
  /** Asks it to end; `done` says when it has. */
  stop(): void;
}

export interface JobsState {
  readonly running: readonly Job[];
}

/** What a job's work gets: the signal that asks it to end, and where it puts what it brings. */
export interface JobWork<Data> {
  readonly signal: AbortSignal;
  /** Paced: at most 12 paints a second. */
  update(change: (data: Data) => Data): void;
}

export interface Jobs extends StoreApi<JobsState> {
  start<Data>(options: {
    readonly title: string;
    readonly onQuit: string;
    readonly initial: Data;
    /** Its answer is flashed at the end. */
    readonly work: (job: JobWork<Data>) => Promise<Flash | undefined>;
  }): Job<Data>;
  /** A job by its id, also after it ended; undefined for one of another console. */
  find(id: number): Job | undefined;
  /** Asks all to end and waits for them. */
  stopAll(): Promise<void>;
}

export function createJobs(notices: Notices, pace: Pace): Jobs {
  const store = createStore<JobsState>()(() => ({ running: [] }));
  const all = new Map<number, Job>();
  return {
    ...store,
    start: ({ title, onQuit, initial, work }) => {
      type Data = typeof initial;
      const controller = new AbortController();
      const data = createStore<Data>()(() => initial);
      let next = initial;
      const publish = () => data.setState(next, true);
      const id = all.size + 1;
      const run = async () => {
        try {
          controller.signal.throwIfAborted();
          const end = await work({
            signal: controller.signal,
            update: (change) => {
              next = change(next);
              pace.request(publish);
            },
          });
          if (end !== undefined) notices.flash(end.text, end.tone);
        } catch (error) {
          if (!isAborted(error, controller.signal)) notices.error(failureOf(error), title);
        } finally {
          publish();
          store.setState({ running: store.getState().running.filter((each) => each.id !== id) });
        }
      };
      // Started in a later turn, so that the job is known before its work brings anything.
      const done = Promise.resolve().then(run);
      const job: Job<Data> = { id, title, data, done, onQuit, stop: () => controller.abort() };
      all.set(id, job as Job);
      store.setState({ running: [...store.getState().running, job as Job] });
      return job;
    },
    find: (id) => all.get(id),
    stopAll: async () => {
      const { running } = store.getState();
      for (const job of running) job.stop();
      await Promise.all(running.map((job) => job.done));
    },
  };
}
