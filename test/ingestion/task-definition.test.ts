import { describe, expect, it } from 'vitest';
import { readPipeline } from '../../src/ingestion/pipeline.ts';
import { ecsDefaults, taskDefinition } from '../../src/ingestion/task-definition.ts';
import { AIRFLOW, changed, ECS, POSTGRES, requestFor } from './samples.ts';

describe('the task definition', () => {
  it('takes the configuration from the secret and never drops a line', () => {
    const { containerDefinitions, ...definition } = taskDefinition(requestFor());
    expect(definition).toEqual({
      family: 'data-prod-postgres_metadata',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '1024',
      memory: '4096',
      runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
      executionRoleArn: ECS.executionRoleArn,
      taskRoleArn: ECS.taskRoleArn,
    });
    expect(containerDefinitions).toEqual([
      {
        name: 'openmetadata-ingestion',
        image: 'docker.io/openmetadata/ingestion-base:1.12.8',
        essential: true,
        command: ['python', 'main.py'],
        environment: [{ name: 'pipelineType', value: 'metadata' }],
        secrets: [
          {
            name: 'config',
            valueFrom: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:mwaa-console/data-prod/postgres_metadata',
          },
        ],
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': '/ecs/openmetadata-ingestion',
            'awslogs-region': 'eu-west-1',
            'awslogs-stream-prefix': 'ecs',
            mode: 'blocking',
          },
        },
      },
    ]);
  });

  it('takes user and architecture as they are asked for, but no Db2 on ARM64', () => {
    const ecs = { ...ECS, user: '1000:1000', architecture: 'ARM64' } as const;
    const { containerDefinitions, runtimePlatform } = taskDefinition(requestFor({ ecs }));
    expect(containerDefinitions[0]?.user).toBe('1000:1000');
    expect(runtimePlatform.cpuArchitecture).toBe('ARM64');
    const pipeline = { ...requestFor().pipeline, sourceType: 'db2' };
    expect(() => taskDefinition(requestFor({ ecs, pipeline }))).toThrow(/no driver for Db2/);
    expect(() => taskDefinition(requestFor({ ecs: { ...ECS, user: 'root; rm' } }))).toThrow(/can't be the user/);
  });

  it('tells OpenMetadata the region of what the configuration refers to', () => {
    const text = AIRFLOW.replace('authProvider: openmetadata', '$&\n    secretsManagerProvider: aws');
    const pipeline = readPipeline(text, 'airflow.yaml');
    const [container] = taskDefinition(requestFor({ pipeline })).containerDefinitions;
    expect(container?.environment).toContainEqual({ name: 'AWS_DEFAULT_REGION', value: 'eu-west-1' });
    expect(ecsDefaults(pipeline, '1.12.8').needsTaskRole).toBe(true);
  });

  it('takes the image from the registry that is chosen', () => {
    const image = (registry?: string) => ecsDefaults(readPipeline(POSTGRES, 'p.yaml'), '1.12.8', registry).image;
    const mirror = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/openmetadata/ingestion-base';
    expect([image(), image('open-metadata'), image('collate'), image(mirror)]).toEqual([
      'docker.io/openmetadata/ingestion-base:1.12.8',
      'docker.open-metadata.org/openmetadata/ingestion-base:1.12.8',
      'docker.getcollate.io/openmetadata/ingestion-base:1.12.8',
      `${mirror}:1.12.8`,
    ]);
    expect(() => image('quay')).toThrow(/no registry of the ingestion image/);
  });

  it('names the secret by its ARN once that is known', () => {
    const secretArn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:mwaa-console/data-prod/x-AbCdEf';
    const [container] = taskDefinition(requestFor({ secretArn })).containerDefinitions;
    expect(container?.secrets).toEqual([{ name: 'config', valueFrom: secretArn }]);
  });

  it.each([
    [1024, 1024, /1024 CPU units and 1024 MiB/, /2048 to 8192 MiB in steps of 1024/],
    [256, 4096, /256 CPU units and 4096 MiB/, /512, 1024, 2048 MiB/],
    [300, 512, /no tasks with 300 CPU units/, /256, 512, 1024/],
  ])('refuses %d CPU units with %d MiB', (cpu, memory, message, advice) => {
    expect(() => taskDefinition(requestFor({ ecs: { ...ECS, cpu, memory } }))).toThrow(
      expect.objectContaining({
        kind: 'invalid-input',
        message: expect.stringMatching(message),
        advice: expect.stringMatching(advice),
      }),
    );
  });

  it('is as large as the pipeline needs', () => {
    const sized = (text: string) => {
      const { cpu, memory, needsTaskRole } = ecsDefaults(readPipeline(text, 'p.yaml'), '1.12.8');
      return [cpu, memory, needsTaskRole];
    };
    expect(sized(POSTGRES)).toEqual([1024, 4096, false]);
    expect(sized(changed(POSTGRES, 'type: DatabaseMetadata', 'type: Profiler'))).toEqual([2048, 8192, false]);
    expect(sized(changed(POSTGRES, 'type: postgres', 'type: airflow'))).toEqual([512, 2048, false]);
    expect(sized(changed(POSTGRES, 'type: postgres', 'type: glue'))).toEqual([1024, 4096, true]);
  });

  it('runs the image of the server’s own release', () => {
    const image = (version: string) => ecsDefaults(readPipeline(POSTGRES, 'p.yaml'), version).image;
    expect(image('1.12.8')).toBe('docker.io/openmetadata/ingestion-base:1.12.8');
    expect(image('2.0.8-SNAPSHOT')).toBe('docker.io/openmetadata/ingestion-base:2.0.8');
  });
});
