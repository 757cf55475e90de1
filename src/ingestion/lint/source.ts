import { type Connector, type ConnectorFamily, connectorNamed, connectors } from '../../reference/connectors.ts';
import { inSpan } from '../../reference/span.ts';
import { compareVersions } from '../../reference/version.ts';
import { sourceConfigSince } from '../../reference/workflow-models.ts';
import { PIPELINE_TYPE_OF_SOURCE_CONFIG } from '../pipeline.ts';
import { at, mapping } from '../values.ts';
import { checkConnection } from './connection.ts';
import type { Findings } from './findings.ts';
import { checkModel, isNewerThanKnown } from './models.ts';
import { nearestWord } from './nearest-word.ts';

const CONNECTION = ['source', 'serviceConnection', 'config'];
const SOURCE_CONFIG = ['source', 'sourceConfig', 'config'];

/** Source types that name a workflow rather than a connector. */
const WORKFLOW_SOURCES = new Set([
  'testsuite',
  'dbt',
  'metadata_elasticsearch',
  'application',
  'datainsight',
  'querylog',
]);

/** The families that go with a source configuration; any where it is not listed. */
const FAMILIES: Readonly<Record<string, readonly ConnectorFamily[]>> = {
  DatabaseMetadata: ['database', 'metadata'],
  DatabaseUsage: ['database'],
  DatabaseLineage: ['database'],
  Profiler: ['database'],
  AutoClassification: ['database', 'storage', 'messaging'],
  DashboardMetadata: ['dashboard'],
  MessagingMetadata: ['messaging'],
  PipelineMetadata: ['pipeline'],
  MlModelMetadata: ['mlmodel'],
  StorageMetadata: ['storage'],
  SearchMetadata: ['search'],
  ApiMetadata: ['api'],
  DriveMetadata: ['drive'],
  SecurityMetadata: ['security'],
  McpMetadata: ['mcp'],
};

/** Checks `source`: its connector, its connection and its configuration, and that the three go together. */
export function checkSource(findings: Findings): void {
  const { pipeline } = findings;
  const step = mapping(pipeline.value.source);
  if (step === undefined) return;
  checkServiceName(findings);
  checkSourceConfig(findings);
  const type = at(pipeline.value, ...CONNECTION, 'type');
  const config = at(pipeline.value, ...CONNECTION);
  if (mapping(config) === undefined) {
    if (config !== undefined && config !== null) {
      findings.add('wrong-shape', CONNECTION, { message: 'has to be a mapping.', advice: 'Indent its keys below it.' });
    }
    checkSourceType(findings, undefined);
    return;
  }
  if (typeof type !== 'string') {
    findings.add('missing-type', [...CONNECTION, 'type'], {
      message: 'is missing: OpenMetadata then takes whichever connector the keys happen to fit.',
      advice: 'Add type, such as Redshift or Postgres.',
    });
    return;
  }
  const connector = knownConnector(findings, type, [...CONNECTION, 'type']);
  checkSourceType(findings, connector);
  if (connector !== undefined) checkConnection(findings, connector, CONNECTION);
}

/** The connector of a type; a finding where there is none of that name in the target's release. */
function knownConnector(findings: Findings, type: string, path: readonly string[]): Connector | undefined {
  const release = findings.target.openmetadataVersion;
  const connector = connectorNamed(type, release);
  if (connector !== undefined && connector.type === type) {
    if (release === undefined || inSpan(connector.span, release)) return connector;
    const { since, until } = connector.span;
    findings.add('unknown-connector', path, {
      severity: since !== undefined && compareVersions(release, since) < 0 ? 'error' : 'warning',
      message:
        since !== undefined && compareVersions(release, since) < 0
          ? `came with OpenMetadata ${since}; the server has ${release}.`
          : `is gone since OpenMetadata ${until}; the server has ${release}.`,
      advice: 'Use a connector of that release, or another OpenMetadata.',
    });
    return connector;
  }
  const likely = nearestWord(
    type,
    connectors().map((each) => each.type),
  );
  findings.add('unknown-connector', path, {
    severity: isNewerThanKnown(release) ? 'warning' : 'error',
    message: `${JSON.stringify(type)} is no connector of OpenMetadata.`,
    advice: likely === undefined ? 'See the connectors in its documentation.' : `Did you mean ${likely}?`,
  });
  return undefined;
}

function checkServiceName(findings: Findings): void {
  const { value } = findings.pipeline;
  if (at(value, 'source', 'serviceName') !== undefined || at(value, ...CONNECTION) !== undefined) return;
  if (WORKFLOW_SOURCES.has(findings.pipeline.sourceType)) return;
  findings.add('missing-service', ['source', 'serviceName'], {
    message: 'is missing, and so is serviceConnection: there is nothing to read from.',
    advice: 'Name a service that OpenMetadata stores, or write its connection out.',
  });
}

function checkSourceType(findings: Findings, connector: Connector | undefined): void {
  const { sourceType, sourceConfigType } = findings.pipeline;
  const path = ['source', 'type'];
  if (WORKFLOW_SOURCES.has(sourceType)) return;
  const named = connectorNamed(sourceType.replace(/[-_]/g, ''), findings.target.openmetadataVersion);
  if (named === undefined && !isNewerThanKnown(findings.target.openmetadataVersion)) {
    const likely = nearestWord(
      sourceType,
      connectors().map((each) => each.type.toLowerCase()),
    );
    findings.add('source-type', path, {
      message: `${JSON.stringify(sourceType)} is no source of OpenMetadata.`,
      advice: likely === undefined ? 'It is the connector in lower case, such as redshift.' : `Did you mean ${likely}?`,
    });
  } else if (connector !== undefined && named !== undefined && named.type !== connector.type) {
    findings.add('source-type', path, {
      message: `names another connector than serviceConnection.config.type, which is ${connector.type}.`,
      advice: `Write ${connector.type.toLowerCase()}, or mend the connection.`,
    });
  }
  const families = FAMILIES[sourceConfigType ?? ''];
  const family = (connector ?? named)?.family;
  if (families !== undefined && family !== undefined && !families.includes(family)) {
    const fitting = Object.keys(FAMILIES).find((each) => FAMILIES[each]?.includes(family)) ?? '';
    findings.add('source-config-family', [...SOURCE_CONFIG, 'type'], {
      message: `${sourceConfigType} does not go with a ${family} source.`,
      advice: `Write ${fitting}, or another connector.`,
    });
  }
}

function checkSourceConfig(findings: Findings): void {
  const { pipeline, target } = findings;
  const { sourceConfigType } = pipeline;
  const config = at(pipeline.value, ...SOURCE_CONFIG);
  const typePath = [...SOURCE_CONFIG, 'type'];
  if (config === undefined || config === null || sourceConfigType === undefined) {
    if (config !== undefined && config !== null && mapping(config) === undefined) {
      findings.add('wrong-shape', SOURCE_CONFIG, {
        message: 'has to be a mapping.',
        advice: 'Indent its keys below it.',
      });
      return;
    }
    findings.add('missing-type', typePath, {
      severity: 'warning',
      message: `is missing; the workflow is taken for ${pipeline.pipelineType}.`,
      advice: 'Add it, such as DatabaseMetadata.',
    });
    return;
  }
  const lower = pipeline.sourceType === 'datainsight';
  const known = Object.keys(PIPELINE_TYPE_OF_SOURCE_CONFIG);
  if (!known.includes(sourceConfigType)) {
    if (lower) return;
    const likely = nearestWord(sourceConfigType, known);
    findings.add('unknown-source-config', typePath, {
      severity: isNewerThanKnown(target.openmetadataVersion) ? 'warning' : 'error',
      message: `${JSON.stringify(sourceConfigType)} is no source configuration of OpenMetadata.`,
      advice: likely === undefined ? `Use one of ${known.join(', ')}.` : `Did you mean ${likely}?`,
    });
    return;
  }
  const since = sourceConfigSince[sourceConfigType];
  if (
    since !== undefined &&
    target.openmetadataVersion !== undefined &&
    compareVersions(target.openmetadataVersion, since) < 0
  ) {
    findings.add('unknown-source-config', typePath, {
      message: `${sourceConfigType} came with OpenMetadata ${since}; the server has ${target.openmetadataVersion}.`,
      advice: 'Upgrade OpenMetadata.',
    });
    return;
  }
  if (sourceConfigType !== 'Application') checkModel(findings, sourceConfigType, config, SOURCE_CONFIG);
  checkSuffix(findings);
}

/** `redshift-usage` goes with DatabaseUsage, `redshift-lineage` with DatabaseLineage, and the other way round. */
function checkSuffix(findings: Findings): void {
  const type = String(at(findings.pipeline.value, 'source', 'type')).toLowerCase();
  const suffix = /-(usage|lineage)$/.exec(type)?.[1];
  const { sourceConfigType, sourceType } = findings.pipeline;
  const wanted =
    sourceConfigType === 'DatabaseUsage' ? 'usage' : sourceConfigType === 'DatabaseLineage' ? 'lineage' : undefined;
  if (suffix === wanted || sourceType === 'querylog') return;
  findings.add('source-config-family', ['source', 'type'], {
    message: `does not go with ${sourceConfigType}: OpenMetadata would read with the wrong source.`,
    advice: wanted === undefined ? `Write ${sourceType}, or mend sourceConfig.` : `Write ${sourceType}-${wanted}.`,
  });
}
