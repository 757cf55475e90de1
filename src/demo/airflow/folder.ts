import type { AirflowHost } from './host.ts';
import type { PythonEnvironment } from './python/modules.ts';
import { atLeast } from './versions.ts';

/** How often MWAA copies the bucket's DAGs to its containers (MWAA user guide, FAQ: about 30 s). */
const SYNC = 30_000;
/** Airflow marks a removed file's DAGs inactive with its next clean-up. */
const CLEANUP = 60_000;
const PARSE = 2_000;

/** What the folder tells of its files. */
export interface FolderListener {
  /** A file was parsed anew; `source` is undefined when it is gone. */
  changed(file: string, source: string | undefined): void;
}

/**
 * The DAGs folder of an environment: follows the bucket with the delays of the real thing, a new file being
 * found only when the folder is listed (`scheduler.dag_dir_list_interval`, `dag_processor.refresh_interval`,
 * 300 s), a changed one when it is next processed (`min_file_process_interval`, 30 s).
 */
export class DagFolder {
  readonly #host: AirflowHost;
  readonly #listener: FolderListener;
  readonly #known = new Set<string>();
  readonly #pending = new Map<string, () => void>();

  constructor(host: AirflowHost, listener: FolderListener) {
    this.#host = host;
    this.#listener = listener;
  }

  /** Notes what is there, as a scheduler that has been running for long, and follows the bucket from then on. */
  follow(): () => void {
    for (const file of this.#listed()) this.#known.add(file);
    return this.#host.region.s3.onChange((bucket, key) => this.#bucketChanged(bucket, key));
  }

  /** Reads the files that were there when it began to follow. */
  load(): void {
    for (const file of this.files) this.#parse(file);
  }

  /** Reads every file anew: new containers, or other packages in them. */
  reload(): void {
    const files = this.#listed();
    for (const gone of [...this.#known].filter((file) => !files.includes(file))) this.#parse(gone);
    for (const file of files) this.#parse(file);
  }

  /** Files that Airflow knows now. */
  get files(): readonly string[] {
    return [...this.#known].sort();
  }

  /** Top-level modules that a DAG file can import from the folder. */
  get modules(): ReadonlySet<string> {
    return new Set([...this.#known].map((file) => (file.split('/')[0] ?? '').replace(/\.py$/, '')));
  }

  /** The Python that parses this folder. */
  get python(): PythonEnvironment {
    const { airflowVersion, installed, pluginModules } = this.#host;
    return { airflowVersion, installed, local: new Set([...this.modules, ...pluginModules]) };
  }

  #listed(): string[] {
    const keys = this.#host.region.s3.keys(this.#host.bucket, this.#prefix);
    return keys.filter((key) => key.endsWith('.py')).map((key) => key.slice(this.#prefix.length));
  }

  get #prefix(): string {
    return this.#host.dagsPath === '' ? '' : `${this.#host.dagsPath}/`;
  }

  #bucketChanged(bucket: string, key: string): void {
    if (bucket !== this.#host.bucket || !key.startsWith(this.#prefix)) return;
    const file = key.slice(this.#prefix.length);
    if (!file.endsWith('.py')) return;
    // The newest change counts; a parse that is already due picks it up as well, so it is not put off.
    if (this.#pending.has(file)) return;
    const cancel = this.#host.region.clock.after(this.#delay(file), () => {
      this.#pending.delete(file);
      this.#parse(file);
    });
    this.#pending.set(file, cancel);
  }

  #delay(file: string): number {
    const { region, configuration, bucket, airflowVersion } = this.#host;
    const present = region.s3.object(bucket, this.#prefix + file) !== undefined;
    const synced = untilTick(region.clock.now(), SYNC);
    if (!present) return synced + CLEANUP;
    const seconds = (key: string, fallback: number) => Number(configuration[key] ?? fallback) * 1000;
    const third = atLeast(airflowVersion, '3.0.0');
    const processing = seconds(
      third ? 'dag_processor.min_file_process_interval' : 'scheduler.min_file_process_interval',
      30,
    );
    const listing = seconds(third ? 'dag_processor.refresh_interval' : 'scheduler.dag_dir_list_interval', 300);
    const wait = this.#known.has(file) ? processing : untilTick(region.clock.now() + synced, listing);
    return synced + Math.max(0, wait) + PARSE;
  }

  #parse(file: string): void {
    const object = this.#host.region.s3.object(this.#host.bucket, this.#prefix + file);
    if (object === undefined) this.#known.delete(file);
    else this.#known.add(file);
    this.#listener.changed(file, object?.body.toString('utf8'));
  }
}

/** Ms until a loop of that period comes round again. */
function untilTick(now: number, period: number): number {
  return period <= 0 ? 0 : period - (now % period);
}
