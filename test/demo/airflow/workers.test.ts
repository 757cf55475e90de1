import { IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { MWAAClient } from '@aws-sdk/client-mwaa';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InvokeRestApiCommand, UpdateEnvironmentCommand } from '../../../src/aws/mwaa-commands.ts';
import { type RunningRegion, startRegion } from '../../../src/demo/region.ts';
import { modes } from '../../../src/ingestion/modes/index.ts';
import { readPipeline } from '../../../src/ingestion/pipeline.ts';
import { ingestionPolicies } from '../../../src/ingestion/policies.ts';
import type { DeploymentRequest, IngestionMode } from '../../../src/ingestion/request.ts';
import { secretContent } from '../../../src/ingestion/secret.ts';
import { requestFor } from '../../ingestion/samples.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { clientOptions, NOON } from '../core/bench.ts';
import { linesOf } from './log-lines.ts';

vi.setConfig({ testTimeout: 60_000 });

const MINUTE = 60_000;
let clock: HandClock;
let running: RunningRegion;
beforeEach(async () => {
  clock = new HandClock(NOON);
  running = await startRegion({ clock });
});
afterEach(() => running.close());

const rest = async (request: DeploymentRequest, Method: 'GET' | 'POST' | 'PATCH', Path: string, more: object = {}) => {
  const command = new InvokeRestApiCommand({ Name: request.environment, Method, Path, ...more });
  return (await new MWAAClient(clientOptions(running)).send(command)).RestApiResponse as Record<string, unknown>;
};

function requestIn(mode: IngestionMode, environment: string, versions: Partial<DeploymentRequest>): DeploymentRequest {
  const text = JSON.stringify({
    source: { type: 'redshift', serviceName: 'dwh', sourceConfig: { config: { type: 'DatabaseMetadata' } } },
    sink: { type: 'metadata-rest', config: {} },
    workflowConfig: {
      openMetadataServerConfig: {
        hostPort: `${running.region.url}/openmetadata/api`,
        authProvider: 'openmetadata',
        securityConfig: { jwtToken: 'a-token' },
      },
    },
    ingestionPipelineFQN: 'dwh.dwh_metadata',
  });
  return requestFor({
    mode,
    environment,
    dagId: 'dwh_metadata',
    pipeline: readPipeline(text, 'dwh.yaml'),
    executionRoleName: `mwaa-${environment}-role`,
    secretName: `mwaa-console/${environment}/dwh_metadata`,
    ...versions,
  });
}

const filesOf = (request: DeploymentRequest) => modes.find(({ id }) => id === request.mode)?.files(request) ?? [];

/** Puts the files where a deployment would, but for the role's policy. */
async function place(request: DeploymentRequest): Promise<void> {
  const s3 = new S3Client(clientOptions(running));
  const secret = { Name: request.secretName, SecretString: secretContent(request.pipeline) };
  await new SecretsManagerClient(clientOptions(running)).send(new CreateSecretCommand(secret));
  for (const { path, content } of filesOf(request)) {
    if (!/^(dags\/|requirements)/.test(path)) continue;
    const Bucket = `mwaa-${request.environment}-123456789012`;
    await s3.send(new PutObjectCommand({ Bucket, Key: path, Body: content }));
  }
}

async function allow(request: DeploymentRequest): Promise<void> {
  const iam = new IAMClient(clientOptions(running));
  for (const { role, document } of ingestionPolicies(request)) {
    const PolicyDocument = JSON.stringify(document);
    await iam.send(new PutRolePolicyCommand({ RoleName: role, PolicyName: 'ours', PolicyDocument }));
  }
}

/** Runs the DAG by hand, and waits for its end: the run's state and its task's log. */
async function run(request: DeploymentRequest, id: string): Promise<{ state: unknown; log: string }> {
  const { dagId, environment, airflowVersion } = request;
  await rest(request, 'PATCH', `/dags/${dagId}`, { Body: { is_paused: false } });
  const body = { dag_run_id: id, ...(airflowVersion.startsWith('3') ? { logical_date: null } : {}) };
  await rest(request, 'POST', `/dags/${dagId}/dagRuns`, { Body: body });
  clock.move(30 * MINUTE);
  const { state } = await rest(request, 'GET', `/dags/${dagId}/dagRuns/${id}`);
  const log = await linesOf(running, `airflow-${environment}-Task`, `dag_id=${dagId}/run_id=${id}/`);
  return { state, log: log.join('\n') };
}

describe('an ingestion on the workers', () => {
  it.each([
    ['data-prod', { airflowVersion: '2.10.3', openmetadataVersion: '1.12.8' }],
    ['analytics', { airflowVersion: '3.2.1', openmetadataVersion: '1.12.8' }],
  ] as const)('in a virtual environment of %s runs by the generated files alone', async (environment, versions) => {
    const request = requestIn('virtualenv', environment, versions);
    await place(request);
    clock.move(8 * MINUTE);
    expect(await rest(request, 'GET', '/importErrors')).toMatchObject({ total_entries: 0 });
    const denied = await run(request, 'denied');
    expect(denied.state).toBe('failed');
    expect(denied.log).toContain('AccessDeniedException');
    await allow(request);
    const { state, log } = await run(request, 'allowed');
    expect(log).toContain('Collecting openmetadata-ingestion[redshift]~=1.12.8.0');
    expect(log).not.toContain('--system-site-packages');
    expect(log).toContain('Workflow finished in time');
    expect(state).toBe('success');
    const statuses = running.region.openmetadata.statuses('dwh.dwh_metadata');
    expect(statuses).toEqual([expect.objectContaining({ pipelineState: expect.stringMatching(/success/i) })]);
    expect(String(statuses[0]?.runId)).toMatch(/^[\da-f]{8}-[\da-f]{4}-5/);
  });

  it("in the worker's own Python fails until its requirements are there, and then runs", async () => {
    const request = requestIn('python', 'data-prod', { airflowVersion: '2.10.3', openmetadataVersion: '1.12.8' });
    await place(request);
    await allow(request);
    clock.move(8 * MINUTE);
    expect(await rest(request, 'GET', '/importErrors')).toMatchObject({ total_entries: 0 });
    const before = await run(request, 'before');
    expect(before.state).toBe('failed');
    expect(before.log).toContain("ModuleNotFoundError: No module named 'metadata'");
    const text = filesOf(request).find(({ path }) => path === 'requirements.txt')?.content ?? '';
    const version = running.region.s3.put('mwaa-data-prod-123456789012', 'requirements.txt', text);
    await new MWAAClient(clientOptions(running)).send(
      new UpdateEnvironmentCommand({
        Name: 'data-prod',
        RequirementsS3Path: 'requirements.txt',
        RequirementsS3ObjectVersion: version,
      }),
    );
    clock.leap(26 * MINUTE);
    const after = await run(request, 'after');
    expect(after.log).toContain('Client version [1.12.8.0]');
    expect(after.state).toBe('success');
  });
});
