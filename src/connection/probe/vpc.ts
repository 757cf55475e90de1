import { persist } from '../../aws/persist.ts';
import type { Session } from '../../aws/session.ts';
import { type OneOffWork, runJournalledTask } from '../../deployment/one-off/one-off.ts';
import type { Environment } from '../../fleet/environments.ts';
import { readIngestions } from '../../fleet/ingestions.ts';
import { mainContainer, readTaskDefinition } from '../../fleet/task-definitions.ts';
import { followTask } from '../../tasks/follow.ts';
import { runTask } from '../../tasks/run.ts';
import type { FollowedRun, RunResult } from '../../tasks/types.ts';
import { Failure } from '../../text/failure.ts';
import type { DiscoveredConnection } from '../discovery/parse.ts';
import type { RestCheck } from '../rest-check.ts';
import { toldMeaning } from './meanings.ts';
import { PROBE_STAGES, type ProbeResult, probeResult, StageFailure, type StageResult } from './stages.ts';
import { planLoginProbe } from './vpc-login.ts';
import { type ProgramArguments, probeCommand, type ToldStage, toldStage } from './vpc-program.ts';

/** What a probe's task runs with: an ingestion's own image, cluster and network. */
export interface ProbePlace {
  readonly dagId: string;
  readonly cluster: string;
  readonly taskDefinition: string;
  readonly container: string;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly assignPublicIp: boolean;
}

/** What a task in the VPC found: the database's stages, and whether its role reads Airflow. */
export interface VpcProbe {
  readonly result: ProbeResult;
  /** Which of the logins opened the database: its place in the list. */
  readonly candidate: number | undefined;
  readonly rest: RestCheck | null;
}

/** A probe that takes longer is stopped, ms: the image is pulled first. */
const TIMEOUT = 10 * 60_000;

/** The ECS ingestion of an environment whose task a probe can be; undefined where it has none. */
export async function findProbePlace(
  session: Session,
  environment: Environment,
  signal: AbortSignal,
): Promise<ProbePlace | undefined> {
  return persist(session.clock, signal, () => placeOfIngestion(session, environment, signal));
}

async function placeOfIngestion(
  session: Session,
  environment: Environment,
  signal: AbortSignal,
): Promise<ProbePlace | undefined> {
  const { ingestions, unreadable } = await readIngestions(session, environment, signal);
  for (const ingestion of ingestions) {
    const { cluster, taskDefinitionArn, container, subnets, securityGroups, assignPublicIp, dagId, mode } = ingestion;
    if (mode !== 'ecs' || cluster === undefined || taskDefinitionArn === undefined) continue;
    const named = container ?? mainContainer(await readTaskDefinition(session, taskDefinitionArn, signal))?.name;
    if (named === undefined) continue;
    return {
      dagId,
      cluster,
      taskDefinition: taskDefinitionArn,
      container: named,
      subnets: subnets ?? environment.subnetIds,
      securityGroups: securityGroups ?? environment.securityGroupIds,
      assignPublicIp: assignPublicIp ?? false,
    };
  }
  if (unreadable[0] !== undefined) throw unreadable[0];
  return undefined;
}

/** How a probe from inside the VPC could be made by hand: `why` no task was run, or there is no ECS ingestion to borrow from. */
export function probePlan(
  environment: Environment,
  told: Pick<ProgramArguments, 'host' | 'port'>,
  why?: string,
): string[] {
  return [
    ...(why === undefined
      ? [
          `${environment.name} has no ECS ingestion whose image and network a probe could use.`,
          'Deploy one in ECS mode (`mwaa-console deploy`), then probe again; or, from any machine in the VPC with one of',
        ]
      : [`No task was run in the VPC: ${why}`, 'From any machine in the VPC with one of']),
    `the security groups ${environment.securityGroupIds.join(', ')} in subnets ${environment.subnetIds.join(', ')}:`,
    `  openssl s_client -starttls postgres -connect ${told.host}:${told.port}`,
  ];
}

/**
 * Probes from inside the VPC by one short ECS task with an ingestion's own image, network and role, and reads what it
 * found from its log. With a login it goes on to the schema: by a temporary secret and revision, under a journal. Who may
 * not make those, and without a login, gets name, TCP and TLS, the command then given by an override, which holds nothing
 * secret. Throws Failure where the task can't be started or tells nothing.
 */
export async function probeFromVpc(
  work: OneOffWork,
  place: ProbePlace,
  told: ProgramArguments,
  login: DiscoveredConnection | undefined,
): Promise<VpcProbe> {
  const { session, signal, tell } = work;
  const { cluster, container } = place;
  const follow = ({ taskArn }: { readonly taskArn: string }, ended: AbortSignal) => {
    tell(`probing from ${taskArn.split('/').at(-1)} in ${cluster.split('/').at(-1)}, as ${place.dagId} runs`);
    return readProbe(session, { cluster, taskArn, container }, ended, tell);
  };
  if (login !== undefined) {
    try {
      const own = await persist(session.clock, signal, () => planLoginProbe(work, place, told, login), tell);
      const { value, remains } = await runJournalledTask(work, 'probe', own, follow);
      for (const remain of remains) tell(remain);
      return value;
    } catch (error) {
      if (!(error instanceof Failure) || !MAY_NOT.has(error.kind) || signal.aborted) throw error;
      tell(`without a login, so name, TCP and TLS only: ${error.message}`);
    }
  }
  const request = { ...place, command: probeCommand(told), startedBy: 'mwaa-console/probe' };
  return follow(await runTask(session, request, signal), signal);
}

/** What says that secret and revision may not be made. */
const MAY_NOT: ReadonlySet<string> = new Set(['denied', 'refused']);

/** Follows a probe's task to its end and reads what it found. */
async function readProbe(
  session: Session,
  task: { readonly cluster: string; readonly taskArn: string; readonly container: string },
  signal: AbortSignal,
  tell: (text: string) => void,
): Promise<VpcProbe> {
  const events = followTask(session, { ...task, timeout: TIMEOUT }, signal);
  const stages: ToldStage[] = [];
  let phase = '';
  for (;;) {
    const next = await events.next();
    if (next.done) return verdict(await whole(session, stages, next.value, signal), next.value.result);
    const { value } = next;
    if (value.type === 'lines') stages.push(...value.events.flatMap(({ message }) => toldStage(message) ?? []));
    else if (value.type === 'phase' && value.phases.at(-1)?.name !== phase) {
      phase = value.phases.at(-1)?.name ?? '';
      tell(`the task is ${phase}`);
    }
  }
}

/** How often, and with what pause (ms), a log is read again whose last line is not there yet. */
const [READS, PAUSE] = [12, 5_000];

/** All that a task has told, once its last word is there: CloudWatch may show lines late. */
async function whole(
  session: Session,
  seen: readonly ToldStage[],
  { log, result }: Pick<FollowedRun, 'log' | 'result'>,
  signal: AbortSignal,
): Promise<readonly ToldStage[]> {
  let told = seen;
  // The program ends well whatever it finds: then its lines are on their way.
  const expected = told.length > 0 || result.exitCode === 0;
  for (let reads = 0; log !== undefined && expected && reads < READS; reads++) {
    if (told.some(({ stage }) => stage === 'end')) break;
    await session.clock.sleep(PAUSE, signal);
    const place = { logGroupName: log.group, logStreamNames: [log.stream] };
    const read = () => session.logs.filterLogEvents(place, { signal });
    const { events = [] } = await persist(session.clock, signal, read);
    told = events.flatMap(({ message = '' }) => toldStage(message) ?? []);
  }
  return told;
}

function verdict(told: readonly ToldStage[], run: Pick<RunResult, 'reason' | 'advice'>): VpcProbe {
  if (told.length === 0) {
    throw new Failure('failed', `The probe's task told nothing: ${run.reason}`, { advice: run.advice });
  }
  if (!told.some(({ stage }) => stage === 'end')) {
    throw new Failure('failed', `The probe's task ended before its time: ${run.reason}`, { advice: run.advice });
  }
  const database = told.filter(({ stage }) => stage !== 'rest' && stage !== 'end');
  const failed = database.find(({ state }) => state === 'failed');
  const done = database.flatMap(({ stage, state, detail }): StageResult[] =>
    state === 'ok' && isStage(stage)
      ? [{ stage, state, detail: stage === 'schema' ? `Airflow schema revision ${detail}` : detail }]
      : [],
  );
  const failure =
    failed === undefined || !isStage(failed.stage)
      ? undefined
      : new StageFailure(failed.stage, failed.detail, toldMeaning(failed.stage, failed.code));
  const opened = database.find(({ stage, state }) => stage === 'login' && state === 'ok');
  const schema = database.find(({ stage, state }) => stage === 'schema' && state === 'ok')?.detail ?? null;
  const rest = told.find(({ stage }) => stage === 'rest');
  return {
    result: probeResult('vpc', done, failure, schema),
    candidate: opened === undefined ? undefined : Number(opened.code),
    rest:
      rest === undefined
        ? null
        : { ok: rest.state === 'ok', detail: rest.detail, advice: rest.state === 'ok' ? null : REST_ADVICE },
  };
}

const REST_ADVICE =
  'The task’s own role needs the statement below; of a private web server the task must be in its VPC.';

function isStage(stage: ToldStage['stage']): stage is StageResult['stage'] {
  return PROBE_STAGES.some((each) => each === stage);
}
