import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeTasksCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type RunningRegion, startRegion } from '../../../src/demo/region.ts';
import { ECS_TASK_ROLE, INGESTION_CLUSTER, INGESTION_LOG_GROUP, roleArn } from '../../../src/demo/world/names.ts';
import { clientOptions } from '../core/bench.ts';
import { AWSLOGS, definition, NETWORK } from '../ecs/bench.ts';

const NODE = JSON.stringify(process.execPath);
const regions: RunningRegion[] = [];
afterEach(async () => {
  for (const region of regions.splice(0)) await region.close();
});

/** A region at a thousand times the wall's speed whose image `local/job` is a Node program; its one task. */
async function running(program: string, container: Record<string, unknown> = {}) {
  const images = { 'local/job': `${NODE} -e '${program}'` };
  const region = await startRegion({ speed: 1000, images, throttling: false });
  regions.push(region);
  const ecs = new ECSClient(clientOptions(region));
  const logs = new CloudWatchLogsClient(clientOptions(region));
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand(
      definition('job', {
        image: 'docker.io/local/job:1.0',
        environment: [{ name: 'GREETING', value: 'hello' }],
        logConfiguration: AWSLOGS(INGESTION_LOG_GROUP),
        ...container,
      }),
    ),
  );
  const { tasks = [] } = await ecs.send(
    new RunTaskCommand({
      cluster: INGESTION_CLUSTER,
      taskDefinition: taskDefinition?.taskDefinitionArn,
      networkConfiguration: NETWORK,
    }),
  );
  const arn = tasks[0]?.taskArn ?? '';
  const task = async (lastStatus: string) =>
    vi.waitFor(
      async () => {
        const answer = await ecs.send(new DescribeTasksCommand({ cluster: INGESTION_CLUSTER, tasks: [arn] }));
        expect(answer.tasks?.[0]?.lastStatus).toBe(lastStatus);
        return answer.tasks?.[0];
      },
      { timeout: 15_000, interval: 20 },
    );
  const lines = async (wanted: number) =>
    vi.waitFor(
      async () => {
        const logStreamNamePrefix = `ecs/openmetadata-ingestion/${arn.split('/').at(-1)}`;
        const answer = await logs.send(
          new FilterLogEventsCommand({
            logGroupName: INGESTION_LOG_GROUP,
            logStreamNamePrefix,
            startTime: region.region.clock.now() - 3_600_000,
          }),
        );
        expect(answer.events?.length).toBeGreaterThanOrEqual(wanted);
        return answer.events?.map(({ message }) => message) ?? [];
      },
      { timeout: 15_000, interval: 20 },
    );
  return { region, ecs, arn, task, lines };
}

describe('an image that is a local process', { timeout: 30_000 }, () => {
  it('has the task’s environment, its secrets and the task role’s credentials', async () => {
    const names =
      '["GREETING", "AWS_ENDPOINT_URL", "AWS_REGION", "AWS_ACCESS_KEY_ID", "config", "SECRET_OF_THE_MACHINE"]';
    process.env.SECRET_OF_THE_MACHINE = 'kept';
    const { region, lines, task } = await running(
      `for (const name of ${names}) console.log(name + "=" + String(process.env[name]).split("\\n")[0]); process.exitCode = 5`,
    );
    const output = await lines(6);
    expect(output).toContain('GREETING=hello');
    expect(output).toContain(`AWS_ENDPOINT_URL=${region.url}`);
    expect(output).toContain('AWS_REGION=eu-west-1');
    expect(output.some((line) => line?.startsWith('config={"source":{"type":"postgres-usage"'))).toBe(true);
    expect(output).toContain('SECRET_OF_THE_MACHINE=undefined');
    const key = output.find((line) => line?.startsWith('AWS_ACCESS_KEY_ID='))?.slice(18) ?? '';
    expect(region.region.sts.callerOf(key)).toMatchObject({ role: ECS_TASK_ROLE });
    expect(roleArn(ECS_TASK_ROLE)).toContain('openmetadata-ingestion-task');
    const stopped = await task('STOPPED');
    expect(stopped).toMatchObject({ stopCode: 'EssentialContainerExited', containers: [{ exitCode: 5 }] });
  });

  it('ends by SIGTERM when it heeds it', async () => {
    const program =
      'process.on("SIGTERM", () => { console.log("stopping"); process.exit(9) }); console.log("ready"); setInterval(() => {}, 1000)';
    const { ecs, arn, task, lines } = await running(program, { stopTimeout: 120 });
    await lines(1);
    await ecs.send(new StopTaskCommand({ cluster: INGESTION_CLUSTER, task: arn }));
    const stopped = await task('STOPPED');
    expect(stopped?.stopCode).toBe('UserInitiated');
    expect([9, 137]).toContain(stopped?.containers?.[0]?.exitCode);
  });

  it('is killed after the time-out when it does not', async () => {
    const { ecs, arn, task, lines } = await running(
      'process.on("SIGTERM", () => {}); console.log("ready"); setInterval(() => {}, 1000)',
      {
        stopTimeout: 2,
      },
    );
    await lines(1);
    await ecs.send(new StopTaskCommand({ cluster: INGESTION_CLUSTER, task: arn }));
    expect((await task('STOPPED'))?.containers?.[0]?.exitCode).toBe(137);
  });

  it('ends with the region', async () => {
    const { region, lines } = await running('console.log(process.pid); setInterval(() => {}, 1000)');
    const pid = Number((await lines(1))[0]);
    expect(() => process.kill(pid, 0)).not.toThrow();
    await region.close();
    regions.length = 0;
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow(/ESRCH/), { timeout: 10_000 });
  });

  it('fails to start when there is no such program', async () => {
    const region = await startRegion({ speed: 1000, images: { 'local/none': '/no/such/program' }, throttling: false });
    regions.push(region);
    const ecs = new ECSClient(clientOptions(region));
    await ecs.send(new RegisterTaskDefinitionCommand(definition('none', { image: 'local/none' })));
    const { tasks = [] } = await ecs.send(
      new RunTaskCommand({ cluster: INGESTION_CLUSTER, taskDefinition: 'none', networkConfiguration: NETWORK }),
    );
    const arn = tasks[0]?.taskArn ?? '';
    await vi.waitFor(
      async () => {
        const answer = await ecs.send(new DescribeTasksCommand({ cluster: INGESTION_CLUSTER, tasks: [arn] }));
        expect(answer.tasks?.[0]).toMatchObject({ lastStatus: 'STOPPED', stopCode: 'TaskFailedToStart' });
        expect(answer.tasks?.[0]?.stoppedReason).toMatch(/^CannotStartContainerError: .*ENOENT/);
      },
      { timeout: 15_000, interval: 20 },
    );
  });
});
