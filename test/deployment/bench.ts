import type { Session } from '../../src/aws/session.ts';
import { applyPlan } from '../../src/deployment/apply.ts';
import type { ApplyEvent, ApplyOutcome } from '../../src/deployment/carry-out.ts';
import { readJournals } from '../../src/deployment/journal.ts';
import type { DeploymentOptions } from '../../src/deployment/options.ts';
import { type Planned, planDeployment } from '../../src/deployment/plan.ts';
import { resumeDeployment } from '../../src/deployment/resume.ts';
import { type PlannedUndo, planUndo, undoDeployment } from '../../src/deployment/undo.ts';
import type { IngestionMode } from '../../src/ingestion/request.ts';
import { redshiftPipeline } from '../support/pipelines.ts';
import type { VirtualRegion } from '../support/virtual-region.ts';

/** What a run of the engine told and how it ended. */
export interface Told<Outcome = ApplyOutcome> {
  readonly events: readonly ApplyEvent[];
  readonly outcome: Outcome;
}

/** A deployment that a test asks for. */
export interface Wanted {
  readonly environment?: string;
  readonly mode?: IngestionMode;
  readonly text?: string;
  readonly options?: DeploymentOptions;
}

const signal = new AbortController().signal;
const NOBODY = { who: 'arn:aws:iam::123456789012:user/test' };

/** Plans a Redshift ingestion by the ECS operator into data-prod, or what is asked for instead. */
export function plan(session: Session, region: { readonly url: string }, wanted: Wanted = {}): Promise<Planned> {
  return planDeployment(
    session,
    {
      environment: wanted.environment ?? 'data-prod',
      mode: wanted.mode ?? 'ecs',
      pipelineText: wanted.text ?? redshiftPipeline(region.url),
      pipelineFile: 'redshift.yaml',
      options: { openmetadataVersion: '1.12.8', ...wanted.options },
    },
    signal,
  );
}

/** Runs the engine to its end. */
async function heard<Outcome>(run: AsyncGenerator<ApplyEvent, Outcome>): Promise<Told<Outcome>> {
  const events: ApplyEvent[] = [];
  for (;;) {
    const next = await run.next();
    if (next.done) return { events, outcome: next.value };
    events.push(next.value);
  }
}

export function apply({ plan: wanted, target }: Planned): Promise<Told> {
  return heard(applyPlan(wanted, target, NOBODY, signal));
}

export function resume(session: Session, environment = 'data-prod', id?: string, patient = true) {
  return heard(resumeDeployment(session, environment, id, { ...NOBODY, patient }, signal));
}

export async function undo(session: Session, environment = 'data-prod', id?: string): Promise<Told> {
  return undoPlanned(await planUndo(session, environment, id, signal));
}

/** An environment's deployments, newest first. */
export function journals(session: Session, environment = 'data-prod') {
  return readJournals({ session, bucket: `mwaa-${environment}-123456789012` }, environment, 20, signal);
}

export function undoPlanned(planned: PlannedUndo): Promise<Told> {
  return heard(undoDeployment(planned, NOBODY, signal));
}

/** Lets Airflow take note of what its bucket holds now. */
export function settle({ time }: VirtualRegion): Promise<void> {
  return time.clock(0).sleep(400_000);
}

/**
 * Everything of a region that a deployment may change, as far as anybody can see it: without journals, versions, times
 * and ids that are made anew each time. `dagId` and `stamp` stand for names that differ from run to run.
 */
export function worldOf({ running }: VirtualRegion, environment = 'data-prod', names: readonly string[] = []) {
  const { iam, secrets, s3, ecs, logs, mwaa } = running.region;
  const bucket = `mwaa-${environment}-123456789012`;
  const objects = s3
    .keys(bucket, '')
    .filter((key) => !key.startsWith(`mwaa-console/${environment}/deployments/`) && !key.endsWith('/lock.json'))
    .map((key) => [key, (s3.object(bucket, key)?.body.toString('utf8') ?? '').split('\n')]);
  const settings = mwaa.environment(environment)?.settings;
  const definitions = ecs
    .definitions()
    .filter(({ status }) => status === 'ACTIVE')
    .map(({ family, revision, containers, cpu, memory }) => [family, revision, cpu, memory, containers]);
  const seen = {
    objects: Object.fromEntries(objects),
    secrets: secrets
      .all()
      .filter(({ deletion }) => deletion === undefined)
      .map((secret) => [secret.name, secrets.value(secret.name)])
      .sort(),
    roles: iam
      .roles()
      .map((role) => [role.name, [...role.inline].sort(), [...role.attached].sort()])
      .sort(),
    logGroups: logs
      .groups()
      .map(({ name, retentionInDays }) => [name, retentionInDays])
      .sort(),
    clusters: ecs
      .clusters()
      .filter(({ status }) => status === 'ACTIVE')
      .map(({ name }) => name)
      .sort(),
    definitions: definitions.sort(),
    settings,
    dags: (mwaa.airflow(environment)?.dags() ?? [])
      .filter(({ active }) => active)
      .map(({ definition, paused, hasImportErrors }) => ({ dagId: definition.dagId, paused, hasImportErrors })),
  };
  let text = withoutIds(JSON.stringify(seen, null, 1));
  names.forEach((name, index) => {
    text = text.replaceAll(name, `<${index}>`);
  });
  return text;
}

/** Without ids that no two runs share: versions, revisions, deployments, the ends of secrets' ARNs. */
function withoutIds(text: string): string {
  return text
    .replace(/(\\*"(?:dagVersionId|deploymentId|deployedAt|policyDigest)\\*": \\*")[^"\\]*/g, '$1…')
    .replace(/(secret:[\w/+=.@-]+?)-\w{6}(?=\W)/g, '$1-…')
    .replace(/(task-definition\/[\w-]+):\d+/g, '$1:…')
    .replace(/("[\w-]+",\n\s*)\d+(?=,\n\s*"\d+",)/g, '$1…');
}
