import type { Finding, Pipeline, PipelineTarget } from '../pipeline.ts';
import { type RuleId, rules } from '../rules.ts';
import { type Path, pathText, type YamlSource } from '../yaml-source.ts';

/** A pipeline while it is checked: read, its findings not yet known. */
export type ReadPipeline = Omit<Pipeline, 'findings'>;

/** What a check says about one key. */
export interface Remark {
  readonly message: string;
  readonly advice: string;
  /** An error when absent. */
  readonly severity?: Finding['severity'];
}

/** Collects findings at their places. */
export class Findings {
  readonly pipeline: ReadPipeline;
  readonly target: PipelineTarget;
  readonly #source: YamlSource;
  readonly #found: Finding[] = [];

  constructor(pipeline: ReadPipeline, source: YamlSource, target: PipelineTarget) {
    this.pipeline = pipeline;
    this.target = target;
    this.#source = source;
  }

  /** Records a finding at a key; where the key is missing, its nearest parent marks the place. */
  add(rule: RuleId, path: Path, { message, advice, severity = 'error' }: Remark): void {
    const { basis } = rules[rule];
    this.#found.push({ ...this.#source.locate(path), severity, key: pathText(path), message, advice, rule, basis });
  }

  /** What was found, in the order of the file; on one line, errors first. */
  sorted(): Finding[] {
    return this.#found.sort((a, b) => a.line - b.line || a.column - b.column || a.severity.localeCompare(b.severity));
  }
}
