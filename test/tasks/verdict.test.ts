import { describe, expect, test } from 'vitest';
import type { Task, TaskContainer } from '../../src/fleet/tasks.ts';
import { placementAdvice, stopReasonOf, stopReasons } from '../../src/reference/stop-reasons.ts';
import { judge } from '../../src/tasks/verdict.ts';

function container(fields: Partial<TaskContainer> = {}): TaskContainer {
  return { name: 'main', image: 'image', lastStatus: 'STOPPED', ...fields };
}

function stopped(fields: Partial<Task>): Task {
  return {
    arn: 'arn',
    id: 'id',
    clusterArn: 'cluster',
    cluster: 'cluster',
    taskDefinition: 'definition',
    family: 'family',
    revision: 1,
    group: '',
    lastStatus: 'STOPPED',
    desiredStatus: 'STOPPED',
    cpu: '1024',
    memory: '2048',
    createdAt: 0,
    containers: [container()],
    overrides: { containers: [] },
    tags: {},
    ...fields,
  };
}

const anyRole = { main: undefined, essential: undefined };

// Texts as users of ECS have met and quoted them.
test.each([
  [
    'pull-not-found',
    {
      stoppedReason:
        'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref docker.io/openmetadata/ingestion-base:9.9: docker.io/openmetadata/ingestion-base:9.9: not found',
    },
  ],
  [
    'pull-not-found',
    {
      stoppedReason:
        'CannotPullContainerError: image Manifest does not contain descriptor matching platform linux/arm64; no matching manifest',
    },
  ],
  [
    'pull-rate-limit',
    {
      stoppedReason:
        'CannotPullContainerError: inspect image has been retried 5 time(s): httpReadSeeker: failed open: unexpected status code 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit',
    },
  ],
  [
    'pull-denied',
    {
      stoppedReason:
        'CannotPullECRContainerError: AccessDeniedException: User is not authorized to perform: ecr:GetAuthorizationToken',
    },
  ],
  [
    'pull-no-route',
    {
      stoppedReason:
        'CannotPullContainerError: ref pull has been retried 5 time(s): failed to copy: httpReadSeeker: failed open: dial tcp 34.1.2.3:443: i/o timeout',
    },
  ],
  [
    'secret-denied',
    {
      stoppedReason:
        'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: AccessDeniedException: User: x is not authorized to perform: secretsmanager:GetSecretValue',
    },
  ],
  [
    'secret-missing',
    {
      stoppedReason:
        "ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secret from asm: ResourceNotFoundException: Secrets Manager can't find the specified secret.",
    },
  ],
  [
    'secret-no-route',
    {
      stoppedReason:
        'ResourceInitializationError: unable to pull secrets or registry auth: pull command failed: signal: killed',
    },
  ],
  [
    'log-group-missing',
    {
      stoppedReason:
        'ResourceInitializationError: failed to initialize logging driver: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist.',
    },
  ],
  [
    'log-driver',
    {
      stoppedReason:
        'ResourceInitializationError: failed to validate logger args: The task cannot find the Amazon CloudWatch log group',
    },
  ],
  [
    'env-file',
    {
      stoppedReason:
        'ResourceInitializationError: failed to download env files: file download command: non empty error stream: NoSuchKey',
    },
  ],
  [
    'out-of-memory',
    {
      exitCode: 137,
      reason: 'OutOfMemoryError: Container killed due to memory usage',
      stoppedReason: 'Essential container in task exited',
    },
  ],
  [
    'cannot-start',
    {
      reason:
        'CannotStartContainerError: Error response from daemon: failed to create task for container: exec /usr/local/bin/python: exec format error',
    },
  ],
  ['network-interface', { stoppedReason: 'Timeout waiting for network interface provisioning to complete.' }],
  ['spot', { stopCode: 'SpotInterruption', stoppedReason: 'Your Spot Task was interrupted.' }],
  [
    'capacity',
    {
      stoppedReason: 'Capacity is unavailable at this time. Please try again later or in a different availability zone',
    },
  ],
  ['stopped-by-user', { stopCode: 'UserInitiated', exitCode: 137, stoppedReason: 'Task stopped by user' }],
  [
    'scheduler',
    { stopCode: 'ServiceSchedulerInitiated', stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/1)' },
  ],
  ['exit-1', { exitCode: 1, stoppedReason: 'Essential container in task exited' }],
  ['exit-126-127', { exitCode: 127 }],
  ['exit-137', { exitCode: 137, stoppedReason: 'Essential container in task exited' }],
  ['exit-139', { exitCode: 139 }],
  ['exit-143', { exitCode: 143 }],
  ['exit-other', { exitCode: 3 }],
  ['failed-to-start', { stopCode: 'TaskFailedToStart', stoppedReason: 'Something new' }],
] as const)('%s is told by %j', (id, facts) => {
  const all = { stopCode: undefined, stoppedReason: undefined, reason: undefined, exitCode: undefined, ...facts };
  expect(stopReasonOf(all)?.id).toBe(id);
});

test('each row has a meaning, a first thing to check and a source, and an id of its own', () => {
  expect(new Set(stopReasons.map((row) => row.id)).size).toBe(stopReasons.length);
  for (const row of stopReasons) {
    expect(row.meaning).not.toMatch(/\.$/);
    expect(row.advice).toMatch(/\.$/);
    expect(row.source).toMatch(/^https:\/\//);
  }
});

describe('a verdict', () => {
  test('is good only if every essential container ended with 0', () => {
    const containers = [container({ exitCode: 0 }), container({ name: 'side', exitCode: 1 })];
    const roles = (essential: string[]) => ({ main: 'main', essential: new Set(essential) });
    expect(judge(stopped({ containers }), roles(['main']))).toMatchObject({ ok: true, exitCode: 0, advice: '' });
    expect(judge(stopped({ containers }), roles(['main', 'side']))).toMatchObject({ ok: false, exitCode: 0 });
    expect(judge(stopped({ containers: [] }), anyRole)).toMatchObject({ ok: false, exitCode: null });
  });

  test('keeps the raw texts beside their meaning', () => {
    const task = stopped({
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [container({ exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' })],
    });
    expect(judge(task, anyRole)).toEqual({
      ok: false,
      exitCode: 137,
      stopCode: 'EssentialContainerExited',
      reason:
        'The container was killed because it needed more memory than it has: exit code 137; OutOfMemoryError: Container killed due to memory usage; Essential container in task exited',
      advice: expect.stringContaining('Raise memory'),
    });
  });

  test('of a kind that is not known here still says what is known', () => {
    const task = stopped({ stopCode: 'BrandNewCode', stoppedReason: 'Something unheard of' });
    expect(judge(task, anyRole)).toMatchObject({
      ok: false,
      stopCode: 'BrandNewCode',
      reason: expect.stringContaining('Something unheard of'),
    });
  });
});

test('failures[] of RunTask read as what they are', () => {
  expect(placementAdvice('RESOURCE:ENI').advice).toContain('zones');
  expect(placementAdvice('ATTRIBUTE').meaning).toContain('No container instance');
  expect(placementAdvice('NEW').meaning).toContain('did not place');
});
