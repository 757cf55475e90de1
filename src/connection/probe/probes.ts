import type { ProbeResult } from './stages.ts';

/** What probing came to, from this machine and from inside the VPC. */
export interface Probes {
  /** Whether one of them went well to its end. */
  readonly ok: boolean;
  /** The Airflow schema's revision, where one of them read it. */
  readonly schemaRevision: string | null;
  readonly here: ProbeResult;
  /** Null where it was not tried: this machine reached the database, or there is nothing to run it with. */
  readonly vpc: ProbeResult | null;
  /** How the probe from inside could be made, where it could not be from here. */
  readonly plan: readonly string[];
}

/** The two probes as one. */
export function probes(here: ProbeResult, vpc: ProbeResult | null, plan: readonly string[] = []): Probes {
  return {
    ok: here.ok || vpc?.ok === true,
    schemaRevision: here.schemaRevision ?? vpc?.schemaRevision ?? null,
    here,
    vpc,
    plan,
  };
}
