import type { Region } from '../../region.ts';
import type { WorkflowConfig } from './config.ts';
import type { Script } from './script.ts';

/** Tells the OpenMetadata server how a run stands, as the framework does; one elsewhere isn't this region's to tell. */
export class StatusReport {
  readonly #region: Region;
  readonly #config: WorkflowConfig;
  readonly #script: Script;
  readonly #began: Readonly<Record<string, unknown>>;

  constructor(region: Region, config: WorkflowConfig, script: Script, run: { runId: string; startedAt: number }) {
    this.#region = region;
    this.#config = config;
    this.#script = script;
    this.#began = { runId: run.runId, startDate: run.startedAt, timestamp: run.startedAt };
  }

  /** The run has begun; without a client nothing is said. */
  begin(): void {
    this.#put({ ...this.#began, pipelineState: 'running' });
  }

  /** The run is over, with what each step did. */
  end(): void {
    this.#put({
      ...this.#began,
      pipelineState: this.#script.state,
      endDate: this.#region.clock.now(),
      status: this.#script.steps.map(({ name, records, updated, warnings, errors, filtered }) => ({
        name,
        records,
        updated_records: updated,
        warnings,
        errors,
        filtered,
        failures: [],
      })),
    });
  }

  #put(status: Readonly<Record<string, unknown>>): void {
    const { pipelineFqn, serverHostPort } = this.#config;
    const isHere = serverHostPort?.startsWith(this.#region.url) === true;
    if (this.#script.steps.length > 0 && pipelineFqn !== undefined && isHere) {
      this.#region.openmetadata.putStatus(pipelineFqn, status);
    }
  }
}

/** The version of the server that a configuration names; what one elsewhere runs isn't known: then the one that fits. */
export function serverVersionOf(region: Region, config: WorkflowConfig, fitting: string): string {
  return config.serverHostPort?.startsWith(region.url) === true ? region.openmetadata.version : fitting;
}
