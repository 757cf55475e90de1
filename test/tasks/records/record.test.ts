import { expect, test } from 'vitest';
import { recordFrom, recordText } from '../../../src/tasks/records/record.ts';
import { followedRecord } from './sample-record.ts';

const CANARY = 's3cr3t-canary';
const TOKEN = `eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJib3QifQ.${CANARY}`;

test('a record comes back as it was kept', () => {
  const kept = followedRecord('1f0c', 1_764_000_000_000, {
    cpu: '1024',
    startedBy: 'mwaa-console/data-prod/orders',
    capacityProviderName: 'FARGATE_SPOT',
    overrides: {
      containerOverrides: [
        { name: 'ingestion', environment: [{ name: 'pipelineRunId', value: '5f0a6b3c-6f43-4b54-9a3b-1f2e3d4c5b6a' }] },
      ],
    },
  });
  const read = recordFrom(recordText(kept));
  expect(read).toMatchObject({ recordedAt: kept.recordedAt, log: kept.log, result: kept.result });
  const { clusterArn, ...task } = kept.task;
  expect(clusterArn).toContain(':cluster/');
  expect(read?.task).toMatchObject(JSON.parse(JSON.stringify(task)));
});

test('nothing that may be a secret is kept: overrides, commands, tags, and what messages quote', () => {
  const text = recordText({
    ...followedRecord('1f0c', 1_764_000_000_000, {
      stoppedReason: `postgresql://om:${CANARY}@db:5432/om refused`,
      containers: [{ name: 'ingestion', exitCode: 1, reason: `{"password": "${CANARY}", "jwtToken":"${TOKEN}"}` }],
      overrides: {
        containerOverrides: [
          {
            name: 'ingestion',
            command: ['sh', '-c', `echo ${CANARY}`],
            environment: [
              { name: 'config', value: CANARY },
              { name: 'HARMLESS', value: CANARY },
              { name: 'pipelineType', value: 'metadata' },
            ],
          },
        ],
      },
      tags: [{ key: 'note', value: CANARY }],
    }),
    result: {
      ...(followedRecord('1f0c', 1).result as NonNullable<ReturnType<typeof followedRecord>['result']>),
      reason: `The ingestion itself failed: OperationalError: password=${CANARY} Authorization: Bearer ${CANARY}`,
    },
  });
  expect(text).not.toContain(CANARY);
  expect(text).toContain('metadata');
  expect(text).toContain('postgresql://om:(hidden)@db:5432/om refused');
});

test.each([
  'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s)',
  'failed to fetch secret arn:aws:secretsmanager:eu-west-1:123456789012:secret:mwaa-console/data-prod/orders-AbCdEf from secrets manager',
  'OutOfMemoryError: Container killed due to memory usage; exit code 137',
  'Invalid token: it has expired',
])('what ECS says stays as it is: %s', (reason) => {
  const read = recordFrom(recordText(followedRecord('1f0c', 1_764_000_000_000, { stoppedReason: reason })));
  expect(read?.task.stoppedReason).toBe(reason);
});

test('a text that is no record gives none', () => {
  for (const text of [
    '',
    'null',
    '[]',
    '{}',
    '{"schema":1}',
    '{"schema":1,"task":{}}',
    '{"schema":1,"task":[],"recordedAt":"x"}',
  ]) {
    expect(recordFrom(text)).toBeUndefined();
  }
});
