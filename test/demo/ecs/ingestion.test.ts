import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/demo/ecs/ingestion/config.ts';
import { duration, ingestionScript } from '../../../src/demo/ecs/ingestion/script.ts';
import { INGESTION_LOG_GROUP } from '../../../src/demo/world/names.ts';
import { clientOptions } from '../core/bench.ts';
import { EcsBench, overridesOf } from './bench.ts';

const bench = new EcsBench();

const CONFIG = `
source:
  type: mysql
  serviceName: shop
  serviceConnection: {config: {type: Mysql, hostPort: "db:3306"}}
  sourceConfig: {config: {type: DatabaseMetadata}}
workflowConfig:
  openMetadataServerConfig: {hostPort: "http://om/api"}
`;
const OPTIONS = {
  pipelineType: 'metadata',
  seed: 1,
  runSeed: 2,
  startedAt: Date.UTC(2026, 10, 22, 17, 5),
  clientVersion: '1.12.8.0',
  serverVersion: '1.12.8',
};

describe('the ingestion container', () => {
  it('writes to the stream that awslogs names, and tells the server its status', async () => {
    const runId = '6a3c7bc4-be99-406e-a997-bb6240237dc2';
    const overrides = overridesOf({ pipelineType: 'metadata', pipelineRunId: runId });
    const arn = await bench.run('data-prod-snowflake_metadata', { overrides });
    const running = await bench.until(arn, 'RUNNING');
    bench.clock.move(1);
    const { openmetadata } = bench.running.region;
    const fqn = 'snowflake_prod.snowflake_metadata';
    const statusOf = () => openmetadata.statuses(fqn).find((status) => status.runId === runId);
    expect(statusOf()).toMatchObject({ pipelineState: 'running', startDate: running.startedAt?.getTime() });
    const ended = await bench.until(arn, 'STOPPED');
    expect(ended.containers?.[0]?.exitCode).toBe(0);
    expect(statusOf()).toMatchObject({ pipelineState: expect.stringMatching(/^(?:success|partialSuccess)$/) });
    expect(statusOf()?.endDate).toBeGreaterThan(Number(statusOf()?.startDate));
    // Lines still arrive for some seconds after the task has stopped.
    bench.clock.move(12_000);
    const logs = new CloudWatchLogsClient(clientOptions(bench.running));
    const { events = [] } = await logs.send(
      new GetLogEventsCommand({
        logGroupName: INGESTION_LOG_GROUP,
        logStreamName: `ecs/openmetadata-ingestion/${arn.split('/').at(-1)}`,
        startFromHead: true,
      }),
    );
    const lines = events.map(({ message = '' }) => message);
    expect(lines[0]).toMatch(
      /^\[2026-11-22 12:\d\d:\d\d\] INFO {5}\{metadata\.OMetaAPI:server_mixin:74\} - OpenMetadata client running with Server version \[1\.12\.8\] and Client version \[1\.12\.8\.0\]$/,
    );
    expect(
      lines.some((line) =>
        / - Snowflake: Processed \d+ records, updated 0 records, filtered \d+ records, found 0 errors$/.test(line),
      ),
    ).toBe(true);
    const summary = lines.slice(lines.findIndex((line) => line.endsWith('Workflow Snowflake Summary:')));
    expect(summary[1]).toMatch(/ - Processed records: [1-9]\d*$/);
    expect(summary.some((line) => line.endsWith(' - Workflow OpenMetadata Summary:'))).toBe(true);
    expect(summary.some((line) => / - Workflow Success %: \d+\.\d+$/.test(line))).toBe(true);
    expect(lines.at(-1)).toMatch(/ - Workflow finished in time: (?:\d+m )?\d+\.\d+s$/);
  });

  it('prints the same counts for the same service, and its own times for each run', () => {
    const config = readConfig(CONFIG);
    const first = ingestionScript(config, OPTIONS);
    const second = ingestionScript(config, { ...OPTIONS, runSeed: 3 });
    expect(first).toEqual(ingestionScript(config, OPTIONS));
    expect(second.steps[0]).toEqual(first.steps[0]);
    expect(second.ends).not.toBe(first.ends);
    expect(first.steps[0]).toMatchObject({ name: 'Mysql' });
    expect(first.steps[0]?.records).toBeGreaterThan(100);
  });

  it('heeds the logger level', () => {
    const quiet = ingestionScript(
      readConfig(CONFIG.replace('workflowConfig:', 'workflowConfig:\n  loggerLevel: WARN')),
      OPTIONS,
    );
    expect(quiet.lines.some(({ text }) => text.includes('INFO'))).toBe(false);
  });

  it('fails with a summary when too much fails', () => {
    const strict = readConfig(CONFIG.replace('workflowConfig:', 'workflowConfig:\n  successThreshold: 100'));
    const scripts = [...Array(20).keys()].map((runSeed) => ingestionScript(strict, { ...OPTIONS, runSeed }));
    const failed = scripts.find(({ exitCode }) => exitCode === 1);
    expect(failed?.state).toBe('failed');
    expect(failed?.lines.at(-1)?.text).toMatch(
      /^metadata\.config\.common\.WorkflowExecutionError: OpenMetadata reported errors/,
    );
    expect(failed?.lines.some(({ text }) => text.endsWith('Workflow finished with failures'))).toBe(true);
  });

  it('prints durations as Python does', () => {
    expect([5.51, 65, 3725.25].map(duration)).toEqual(['5.51s', '1m 5.0s', '1h 2m 5.25s']);
  });
});
