import type { Pipeline } from '../pipeline.ts';
import type { Reason } from '../reason.ts';
import type { DeploymentRequest, GeneratedFile, IngestionMode } from '../request.ts';

/** What a verdict is found from. Members that are absent are unknown, and then are not judged. */
export interface ModeFacts {
  readonly airflowVersion: string;
  /** Such as `mw1.micro`. */
  readonly environmentClass?: string;
  /** Such as `PRIVATE_ONLY`. */
  readonly webserverAccessMode?: string;
  /** Whether the environment's subnets have a route to the internet. */
  readonly internetAccess?: boolean;
  readonly openmetadataVersion?: string;
  readonly pipeline?: Pipeline;
  /** Extras of openmetadata-ingestion that somebody named. */
  readonly extras?: readonly string[];
}

/** Whether a mode serves an environment and a pipeline. */
export interface Verdict {
  readonly fit: 'fits' | 'with-care' | 'does-not-fit';
  /** One line for a list. */
  readonly summary: string;
  /** Gravest first. */
  readonly reasons: readonly Reason[];
  readonly recommended: boolean;
}

/** One way to run ingestion in an environment. */
export interface Mode {
  readonly id: IngestionMode;
  readonly title: string;
  verdict(facts: ModeFacts): Verdict;
  /**
   * The files of this mode, deterministic for a request. Throws Failure `invalid-input` when the pipeline holds
   * errors or a name can't be used, `refused` when the mode does not fit or is not offered.
   */
  files(request: DeploymentRequest): GeneratedFile[];
}
