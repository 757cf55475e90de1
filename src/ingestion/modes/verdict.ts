import { type AirflowVersion, airflowVersion, newestAirflowVersion } from '../../reference/airflow-versions.ts';
import {
  type OpenMetadataVersion,
  openmetadataVersion,
  openmetadataVersions,
} from '../../reference/openmetadata-versions.ts';
import { compareVersions, minorLine } from '../../reference/version.ts';
import { Failure } from '../../text/failure.ts';
import type { Reason } from '../reason.ts';
import type { DeploymentRequest } from '../request.ts';
import { optional } from '../values.ts';
import type { ModeFacts, Verdict } from './mode.ts';

const MWAA_VERSIONS = 'docs.aws.amazon.com/mwaa/latest/userguide/airflow-versions.html';
const NETWORKING = 'docs.aws.amazon.com/mwaa/latest/userguide/configuring-networking.html';
const OPENMETADATA_RELEASES = 'github.com/open-metadata/OpenMetadata/releases';

/** The tables' rows for what a verdict is asked about. */
export interface Rows {
  readonly airflow: AirflowVersion;
  readonly openmetadata: OpenMetadataVersion | undefined;
}

/** The rows that stand for the versions. */
export function rowsFor(facts: ModeFacts): Rows {
  return {
    airflow: airflowVersion(facts.airflowVersion).row,
    openmetadata:
      facts.openmetadataVersion === undefined ? undefined : openmetadataVersion(facts.openmetadataVersion).row,
  };
}

/** What a request says of its environment and pipeline. */
export function factsOf(request: DeploymentRequest): ModeFacts {
  const { airflowVersion: airflow, openmetadataVersion: openmetadata, pipeline, webserverAccessMode, extras } = request;
  return {
    airflowVersion: airflow,
    openmetadataVersion: openmetadata,
    pipeline,
    ...optional('webserverAccessMode', webserverAccessMode),
    ...optional('extras', extras),
  };
}

/** What holds in every mode: retired and unknown versions, and a pipeline with errors. */
export function commonReasons(facts: ModeFacts): Reason[] {
  const reasons: Reason[] = [];
  const { row, exact } = airflowVersion(facts.airflowVersion);
  if (!exact) {
    reasons.push({
      severity: 'warning',
      text:
        compareVersions(facts.airflowVersion, newestAirflowVersion().version) > 0
          ? `Airflow ${facts.airflowVersion} is newer than this tool knows; it is taken for ${row.version}.`
          : `MWAA never announced Airflow ${facts.airflowVersion}; it is taken for ${row.version}.`,
      source: MWAA_VERSIONS,
    });
  }
  if (row.retired !== undefined) {
    reasons.push({
      severity: 'warning',
      text: `MWAA ended its support of Airflow ${row.version} on ${row.retired}.`,
      remedy: 'Upgrade the environment.',
      source: MWAA_VERSIONS,
    });
  }
  if (
    compareVersions(row.version, '3.0') >= 0 &&
    facts.webserverAccessMode === 'PUBLIC_ONLY' &&
    facts.internetAccess === false
  ) {
    reasons.push({
      severity: 'error',
      text: `Workers of Airflow ${row.version} talk to the web server, which is public here, and the subnets have no route to it: every task fails.`,
      remedy: 'Make the web server private, or from Airflow 3.2 on public and private.',
      source: NETWORKING,
    });
  }
  return [...reasons, ...openmetadataReasons(facts), ...pipelineReasons(facts)];
}

function openmetadataReasons({ openmetadataVersion: version }: ModeFacts): Reason[] {
  if (version === undefined) {
    const text = "The OpenMetadata server's version is not known; the ingestion has to match it.";
    return [{ severity: 'info', text, source: OPENMETADATA_RELEASES }];
  }
  const { row, exact } = openmetadataVersion(version);
  if (exact) return [];
  const older = compareVersions(minorLine(version), openmetadataVersions[0]?.line ?? '') < 0;
  return [
    {
      severity: 'warning',
      text: older
        ? `OpenMetadata ${version} is older than what this tool is made for (${row.line} and later).`
        : `OpenMetadata ${version} is newer than this tool knows; it is taken for ${row.line}.`,
      source: OPENMETADATA_RELEASES,
    },
  ];
}

function pipelineReasons({ pipeline }: ModeFacts): Reason[] {
  const errors = pipeline?.findings.filter((finding) => finding.severity === 'error') ?? [];
  const [first] = errors;
  if (pipeline === undefined || first === undefined) return [];
  return [
    {
      severity: 'warning',
      text: `The pipeline has ${errors.length === 1 ? 'an error' : `${errors.length} errors`}: ${first.key} in line ${first.line}.`,
      remedy: first.advice,
      source: pipeline.file,
    },
  ];
}

/** The verdict that follows from its reasons: any error and it does not fit, any warning and it wants care. */
export function verdictOf(reasons: readonly Reason[], wording: { summary: string; recommended: boolean }): Verdict {
  const order = { error: 0, warning: 1, info: 2 } as const;
  const sorted = [...reasons].sort((a, b) => order[a.severity] - order[b.severity]);
  const worst = sorted[0]?.severity;
  const fit = worst === 'error' ? 'does-not-fit' : worst === 'warning' ? 'with-care' : 'fits';
  return {
    fit,
    summary: fit === 'fits' || sorted[0] === undefined ? wording.summary : sorted[0].text,
    reasons: sorted,
    recommended: wording.recommended && fit !== 'does-not-fit',
  };
}

/** Throws Failure `refused` with the first reason of a verdict that says no. */
export function requireFit(title: string, verdict: Verdict): void {
  const [first] = verdict.reasons;
  if (verdict.fit !== 'does-not-fit' || first === undefined) return;
  throw new Failure('refused', `${title} does not fit: ${first.text}`, {
    ...(first.remedy === undefined ? {} : { advice: first.remedy }),
  });
}
