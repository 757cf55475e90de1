import { lineFormat } from '../logs/history/airflow-lines.ts';
import { airflowLogGroup } from '../world/names.ts';
import { DagFolder } from './folder.ts';
import { seedHistory } from './history.ts';
import type { AirflowHost } from './host.ts';
import { readDagFile } from './python/dag-file.ts';
import { pythonVersion } from './python/modules.ts';
import type { PythonError } from './python/tokens.ts';
import type { DagRecord } from './runs.ts';
import { Scheduler } from './scheduler.ts';
import { atLeast } from './versions.ts';

/** An import error as Airflow keeps it. */
export interface ImportErrorRecord {
  readonly id: number;
  /** Path below the DAGs folder. */
  readonly file: string;
  readonly stackTrace: string;
  /** Ms since the epoch. */
  readonly at: number;
}

/** How long a DAG whose file can't be imported any more stays active (scheduler.stale_dag_threshold and its clean-up). */
const STALE = 60_000;

/** When an Airflow that nobody has asked for begins to live, in ms. */
const WAKE = 1_000;

/** An environment's Airflow: its DAGs as their files say, and their runs. */
export class Airflow {
  readonly host: AirflowHost;
  readonly scheduler: Scheduler;
  readonly folder: DagFolder;
  readonly #dags = new Map<string, DagRecord>();
  readonly #importErrors = new Map<string, ImportErrorRecord>();
  #stop: (() => void) | undefined;
  #seeded = false;
  #awake = false;
  #live = false;
  #errorIds = 0;

  constructor(host: AirflowHost) {
    this.host = host;
    this.scheduler = new Scheduler(host, this.#dags);
    this.folder = new DagFolder(host, { changed: (file, source) => this.#fileChanged(file, source) });
  }

  /**
   * Begins to live; with `seeded`, as one that has been running its DAGs for weeks. What it holds is made when
   * it is first asked for, or a moment later: the region is to start at once.
   */
  start(options: { readonly seeded: boolean }): void {
    this.#seeded = options.seeded;
    const stopFollowing = this.folder.follow();
    const stopWaiting = this.host.region.clock.after(WAKE, () => this.#ensure());
    this.#stop = () => {
      stopWaiting();
      stopFollowing();
    };
  }

  #ensure(): void {
    if (this.#awake) return;
    this.#awake = true;
    this.folder.load();
    if (this.#seeded) for (const dag of this.#dags.values()) seedHistory(this, dag);
    for (const dag of this.#dags.values()) this.scheduler.consider(dag);
    this.#live = true;
  }

  /** Ends its life. */
  stop(): void {
    this.#awake = true;
    this.#stop?.();
    this.scheduler.stop();
  }

  /** Containers were replaced: every file is read anew, with what is installed now. */
  restart(): void {
    this.#ensure();
    this.folder.reload();
  }

  get version(): string {
    return this.host.airflowVersion;
  }

  /** Whether this is Airflow 3 or later, with REST v2. */
  get third(): boolean {
    return atLeast(this.version, '3.0.0');
  }

  dag(dagId: string): DagRecord | undefined {
    this.#ensure();
    return this.#dags.get(dagId);
  }

  /** Every DAG that is known, by id. */
  dags(): readonly DagRecord[] {
    this.#ensure();
    return [...this.#dags.values()].sort((left, right) => (left.definition.dagId < right.definition.dagId ? -1 : 1));
  }

  importErrors(): readonly ImportErrorRecord[] {
    this.#ensure();
    return [...this.#importErrors.values()].sort((left, right) => left.id - right.id);
  }

  setPaused(dag: DagRecord, paused: boolean): void {
    dag.paused = paused;
    this.scheduler.consider(dag);
  }

  /** Forgets a DAG with its runs; while its file is there, the next parse brings it back. */
  deleteDag(dag: DagRecord): void {
    const { region } = this.host;
    this.#dags.delete(dag.definition.dagId);
    for (const run of [...dag.runs]) this.scheduler.remove(dag, run);
    if (this.folder.files.includes(dag.file)) {
      region.clock.after(30_000, () => {
        const object = region.s3.object(this.host.bucket, this.keyOf(dag.file));
        if (object !== undefined) this.#fileChanged(dag.file, object.body.toString('utf8'));
      });
    }
  }

  /** A file's key in the bucket. */
  keyOf(file: string): string {
    return this.host.dagsPath === '' ? file : `${this.host.dagsPath}/${file}`;
  }

  /** A file's path in the containers. */
  pathOf(file: string): string {
    return `/usr/local/airflow/dags/${file}`;
  }

  #fileChanged(file: string, source: string | undefined): void {
    this.#ensure();
    const now = this.host.region.clock.now();
    const before = [...this.#dags.values()].filter((dag) => dag.file === file);
    // Airflow's safe mode leaves files alone that don't look like DAGs.
    const looksLikeDag = source !== undefined && /airflow/i.test(source) && /dag/i.test(source);
    if (source === undefined || !looksLikeDag) {
      this.#importErrors.delete(file);
      for (const dag of before) this.#deactivate(dag);
      return;
    }
    const { dags, error, constants } = readDagFile(source, this.folder.python);
    if (error !== undefined) {
      const stackTrace = this.#trace(file, source, error);
      if (this.#live) this.#logFailure(file, stackTrace);
      this.#importErrors.set(file, {
        id: ++this.#errorIds,
        file,
        stackTrace,
        at: now,
      });
      for (const dag of before) {
        dag.hasImportErrors = true;
        this.host.region.clock.after(STALE, () => {
          if (dag.hasImportErrors) this.#deactivate(dag);
        });
      }
      return;
    }
    this.#importErrors.delete(file);
    for (const definition of dags) {
      const known = this.#dags.get(definition.dagId);
      const paused = definition.pausedUponCreation ?? this.#pausedByDefault;
      const dag: DagRecord =
        known !== undefined && known.file === file
          ? Object.assign(known, { definition })
          : {
              definition,
              file,
              constants,
              source,
              paused,
              active: true,
              hasImportErrors: false,
              lastParsedAt: now,
              runs: [],
            };
      Object.assign(dag, { constants, source, active: true, hasImportErrors: false, lastParsedAt: now });
      this.#dags.set(definition.dagId, dag);
      if (this.#live) this.scheduler.consider(dag);
    }
    for (const dag of before) if (!dags.some(({ dagId }) => dagId === dag.definition.dagId)) this.#deactivate(dag);
  }

  get #pausedByDefault(): boolean {
    return this.host.configuration['core.dags_are_paused_at_creation']?.toLowerCase() !== 'false';
  }

  #deactivate(dag: DagRecord): void {
    dag.active = false;
    this.scheduler.consider(dag);
  }

  /** What the DAG processor writes about a file that it can't import. */
  #logFailure(file: string, stackTrace: string): void {
    const { dagProcessingLogs, environment, region } = this.host;
    if (!dagProcessingLogs.enabled || dagProcessingLogs.level === 'CRITICAL') return;
    const origin = { file: 'processor.py', line: 925, logger: 'airflow.models.dagbag.DagBag' };
    const at = region.clock.now();
    const text = `Failed to import: ${this.pathOf(file)}\n${stackTrace.trimEnd()}`;
    const message = lineFormat(this.version)(at, 'error', origin, text);
    const stream = `scheduler_dag_processor_${file.replaceAll('/', '_')}.log`;
    region.logs.write(airflowLogGroup(environment, 'DAGProcessing'), stream, [{ timestamp: at, message }]);
  }

  /** The stack trace that Airflow shows for a file it can't import. */
  #trace(file: string, source: string, error: PythonError): string {
    const line = source.split('\n')[error.line - 1]?.trim() ?? '';
    const recent = pythonVersion(this.version) === '3.12';
    const frame = (name: string, at: number, call: string) => `  File "<frozen ${name}>", line ${at}, in ${call}`;
    const own = `  File "${this.pathOf(file)}", line ${error.line}`;
    if (error.atCompileTime) {
      return [
        'Traceback (most recent call last):',
        frame('importlib._bootstrap_external', recent ? 991 : 936, 'exec_module'),
        frame('importlib._bootstrap_external', recent ? 1129 : 1074, 'get_code'),
        frame('importlib._bootstrap_external', recent ? 1059 : 1004, 'source_to_code'),
        frame('importlib._bootstrap', recent ? 488 : 241, '_call_with_frames_removed'),
        own,
        `    ${line}`,
        `${error.type}: ${error.message}`,
        '',
      ].join('\n');
    }
    return [
      'Traceback (most recent call last):',
      frame('importlib._bootstrap', recent ? 488 : 241, '_call_with_frames_removed'),
      `${own}, in <module>`,
      `    ${line}`,
      error.message === '' ? error.type : `${error.type}: ${error.message}`,
      '',
    ].join('\n');
  }
}
