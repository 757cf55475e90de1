/** What a mode puts into the frame of a DAG file. */
export interface DagParts {
  /** How the ingestion runs, to end the sentence of the file's first line, such as `as an ECS task`. */
  readonly how: string;
  /** Where the configuration and the packages come from, a paragraph each. */
  readonly paragraphs: readonly string[];
  /** Import statements besides DAG's. */
  readonly imports: readonly string[];
  /** Lines of constants, and of comments on them. */
  readonly constants: readonly string[];
  /** Functions, without blank lines around them. */
  readonly definitions?: string;
  /** The task inside the DAG, indented by four columns. */
  readonly task: string;
}

/** The run's id in OpenMetadata, as a constant: a template of the operator. */
export const RUN_ID_LINES: readonly string[] = [
  '# OpenMetadata takes nothing but a UUID; made from the run, so that a retry keeps it.',
  'PIPELINE_RUN_ID = (',
  '    "{{ macros.uuid.uuid5(macros.uuid.NAMESPACE_URL, dag.dag_id ~ \'/\' ~ run_id) }}"',
  ')',
];
