import { at, mapping } from '../values.ts';
import type { Findings } from './findings.ts';

const SERVER = ['workflowConfig', 'openMetadataServerConfig'];
const UUID = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

/** Checks where and how the workflow reports to OpenMetadata. */
export function checkServer(findings: Findings): void {
  const { value } = findings.pipeline;
  const server = mapping(at(value, ...SERVER));
  if (server === undefined) return;
  const { hostPort } = server;
  if (hostPort !== undefined && typeof hostPort !== 'string') {
    findings.add('not-text', [...SERVER, 'hostPort'], { message: 'has to be text.', advice: 'Quote it.' });
  } else if (
    hostPort !== undefined &&
    !hostPort.includes('<') &&
    !/^https?:\/\/[^\s/]+(\/[^\s]*)?\/api\/?$/.test(hostPort)
  ) {
    findings.add('host-port-api', [...SERVER, 'hostPort'], {
      message: 'has to be the address of the OpenMetadata server with http:// or https://, ending in /api.',
      advice: 'Such as https://openmetadata.example.com/api.',
    });
  }
  const provider = server.authProvider;
  if (provider === 'no-auth') return;
  if (at(server, 'securityConfig', 'jwtToken') === undefined) {
    findings.add('missing-token', [...SERVER, 'securityConfig', 'jwtToken'], {
      message: 'is missing: without a token the ingestion can not sign in.',
      advice: "Add securityConfig with jwtToken, the ingestion bot's token (Settings, Bots).",
    });
  }
  if (typeof provider === 'string' && provider !== 'openmetadata' && !provider.includes('<')) {
    findings.add('auth-provider', [...SERVER, 'authProvider'], {
      severity: 'warning',
      message: "is how people sign in; a bot's token needs openmetadata.",
      advice: 'Write openmetadata.',
    });
  }
  if (server.enableVersionValidation === false) {
    findings.add('version-validation', [...SERVER, 'enableVersionValidation'], {
      severity: 'warning',
      message: 'is off: a mismatch between ingestion and server then shows as strange errors later.',
      advice: 'Remove the key.',
    });
  }
}

/** Checks the ids that OpenMetadata keeps a run under. */
export function checkRunIds(findings: Findings): void {
  const { pipelineRunId } = findings.pipeline.value;
  if (pipelineRunId === undefined || pipelineRunId === null) return;
  if (typeof pipelineRunId !== 'string' || !UUID.test(pipelineRunId)) {
    findings.add('run-id-uuid', ['pipelineRunId'], {
      message: 'has to be a UUID.',
      advice: 'Remove it: each run gets its own.',
    });
    return;
  }
  findings.add('fixed-run-id', ['pipelineRunId'], {
    severity: 'warning',
    message: 'is replaced: each run gets its own.',
    advice: 'Remove it.',
  });
}

/** Reading an Airflow in part, and deleting what was not read, empties OpenMetadata. */
export function checkDeletion(findings: Findings): void {
  const { pipeline } = findings;
  if (pipeline.sourceType !== 'airflow' || pipeline.sourceConfigType !== 'PipelineMetadata') return;
  if (at(pipeline.value, 'source', 'sourceConfig', 'config', 'markDeletedPipelines') !== undefined) return;
  findings.add('mark-deleted', ['source', 'sourceConfig', 'config', 'markDeletedPipelines'], {
    severity: 'warning',
    message: 'is not said, hence true: DAGs that one run could not read are deleted in OpenMetadata.',
    advice: 'Write markDeletedPipelines: false, at least until a run has read every DAG.',
  });
}
