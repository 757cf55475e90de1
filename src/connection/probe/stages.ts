/** The stages of a probe, in their order; each stands on the one before. */
export const PROBE_STAGES = ['name', 'tcp', 'tls', 'handshake', 'login', 'schema'] as const;
export type ProbeStage = (typeof PROBE_STAGES)[number];

/** How one stage went. */
export interface StageResult {
  readonly stage: ProbeStage;
  readonly state: 'ok' | 'failed' | 'skipped';
  /** What was seen, in words; never a secret. */
  readonly detail: string;
  /** What it means and what to look at; of a failed stage only. */
  readonly advice?: string;
}

/** What a probe found. */
export interface ProbeResult {
  readonly from: 'here' | 'vpc';
  /** Whether every stage that was tried went well. */
  readonly ok: boolean;
  readonly stages: readonly StageResult[];
  /** The Airflow schema's revision (`alembic_version`); null where the probe did not come so far. */
  readonly schemaRevision: string | null;
}

/** A stage that failed. */
export class StageFailure extends Error {
  readonly stage: ProbeStage;
  readonly advice: string;
  /** PostgreSQL's SQLSTATE, where the server said it. */
  readonly sqlState: string | undefined;

  constructor(stage: ProbeStage, message: string, advice: string, sqlState?: string) {
    super(message);
    this.stage = stage;
    this.advice = advice;
    this.sqlState = sqlState;
  }
}

/** Whether a code is PostgreSQL's own: five digits and capitals. */
export function isSqlState(code: string | undefined): code is string {
  return code !== undefined && /^[\dA-Z]{5}$/.test(code);
}

/** What the stages came to; those after the first failure are skipped. */
export function probeResult(
  from: ProbeResult['from'],
  done: readonly StageResult[],
  failure: StageFailure | undefined,
  schemaRevision: string | null,
): ProbeResult {
  const stages: StageResult[] = [...done];
  if (failure !== undefined) {
    const { stage, message, advice } = failure;
    stages.push({ stage, state: 'failed', detail: message, advice });
  }
  for (const stage of PROBE_STAGES) {
    if (!stages.some((each) => each.stage === stage)) stages.push({ stage, state: 'skipped', detail: 'not tried' });
  }
  stages.sort((left, right) => PROBE_STAGES.indexOf(left.stage) - PROBE_STAGES.indexOf(right.stage));
  return { from, ok: failure === undefined, stages, schemaRevision };
}
