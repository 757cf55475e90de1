import type { Failure } from '../text/failure.ts';
import type { Environment } from './environment.ts';
import type { EnvironmentRow } from './environments.ts';
import { ingestionJson } from './ingestion-json.ts';
import type { LastRun } from './last-run.ts';
import { maskSettings } from './masking.ts';
import { isoOrNull } from './times.ts';

/**
 * An environment as the command line's JSON and `describe` have it: stable keys, ISO times, values that may be
 * secrets hidden. What is not known is null; `error` says why nothing is.
 */
export function environmentJson(row: EnvironmentRow) {
  const { environment } = row;
  return {
    name: row.name,
    arn: environment?.arn ?? null,
    status: environment?.status ?? null,
    airflowVersion: environment?.airflowVersion ?? null,
    environmentClass: environment?.environmentClass ?? null,
    minWorkers: environment?.minWorkers ?? null,
    maxWorkers: environment?.maxWorkers ?? null,
    minWebservers: environment?.minWebservers ?? null,
    maxWebservers: environment?.maxWebservers ?? null,
    schedulers: environment?.schedulers ?? null,
    createdAt: isoOrNull(environment?.createdAt),
    webserverUrl: environment?.webserverUrl || null,
    webserverAccessMode: environment?.webserverAccessMode ?? null,
    executionRoleArn: environment?.executionRoleArn ?? null,
    serviceRoleArn: environment?.serviceRoleArn ?? null,
    kmsKey: environment?.kmsKey ?? null,
    sourceBucket: environment?.sourceBucket ?? null,
    dagsPath: environment?.dagsPath ?? null,
    requirements: fileJson(environment?.requirements),
    plugins: fileJson(environment?.plugins),
    startupScript: fileJson(environment?.startupScript),
    configurationOptions: environment === undefined ? null : maskSettings(environment.configurationOptions),
    subnetIds: environment === undefined ? null : [...environment.subnetIds],
    securityGroupIds: environment === undefined ? null : [...environment.securityGroupIds],
    logGroups: environment === undefined ? null : logGroupsJson(environment),
    databaseVpcEndpointService: environment?.databaseVpcEndpointService ?? null,
    webserverVpcEndpointService: environment?.webserverVpcEndpointService ?? null,
    endpointManagement: environment?.endpointManagement ?? null,
    celeryQueueArn: environment?.celeryQueueArn ?? null,
    maintenanceWindow: environment?.maintenanceWindow ?? null,
    tags: environment === undefined ? null : { ...environment.tags },
    lastUpdate: lastUpdateJson(environment),
    ingestions:
      row.ingestions?.map((ingestion) => ({
        ...ingestionJson(ingestion),
        lastRun: runJson(row.lastRuns?.[ingestion.dagId]),
      })) ?? null,
    lastRun: runJson(row.lastRun),
    deployment: deploymentJson(row.deployment),
    drift: row.drift?.map((each) => ({ ...each })) ?? null,
    notes: [...row.notes],
    error: errorJson(row.failure),
  };
}

function fileJson(file: Environment['requirements']) {
  return file === undefined ? null : { path: file.path, versionId: file.versionId ?? null };
}

function logGroupsJson({ logGroups }: Environment) {
  return Object.fromEntries(
    Object.entries(logGroups).map(([component, log]) => [
      component,
      log === undefined ? null : { enabled: log.enabled, level: log.level, group: log.group ?? null },
    ]),
  );
}

function lastUpdateJson(environment: Environment | undefined) {
  const update = environment?.lastUpdate;
  if (update === undefined) return null;
  return {
    status: update.status,
    createdAt: isoOrNull(update.createdAt),
    error: update.error === undefined ? null : { code: update.error.code, message: update.error.message },
    source: update.source ?? null,
    workerReplacementStrategy: update.workerReplacementStrategy ?? null,
  };
}

function deploymentJson(deployment: EnvironmentRow['deployment']) {
  if (deployment === undefined) return null;
  return {
    ...deployment,
    startedAt: isoOrNull(deployment.startedAt),
    at: deployment.at ?? null,
    updating: deployment.updating === true,
    undo: deployment.undo === true,
    error: deployment.error ?? null,
  };
}

/** A run as JSON; null where there is none. */
export function runJson(run: LastRun | undefined) {
  if (run === undefined) return null;
  return {
    source: run.source,
    dagId: run.dagId,
    id: run.id,
    state: run.state,
    rawState: run.rawState,
    startedAt: isoOrNull(run.startedAt),
    endedAt: isoOrNull(run.endedAt),
    reason: run.reason ?? null,
  };
}

/** A failure as JSON; null where there is none. */
function errorJson(failure: Failure | undefined) {
  return failure === undefined ? null : { message: failure.message, advice: failure.advice ?? null };
}
