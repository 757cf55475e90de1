import { describe, expect, it } from 'vitest';
import { environmentJson, listEnvironmentNames, readEnvironments } from '../../src/fleet/environments.ts';
import { Failure } from '../../src/text/failure.ts';
import { every, type FakeServices, fakeSession, last, quiet } from './fake-session.ts';

const names = Array.from({ length: 60 }, (_, index) => `env-${String(index).padStart(2, '0')}`);

/** Pages of 25 names and environments that hold nothing but their name, status and bucket. */
function estate(
  read: (name: string) => unknown = (name) => ({
    Name: name,
    Status: 'AVAILABLE',
    SourceBucketArn: `arn:aws:s3:::${name}`,
  }),
): FakeServices {
  return {
    mwaa: {
      listEnvironments: ({ NextToken, MaxResults }) => {
        const from = Number(NextToken ?? 0);
        const page = names.slice(from, from + Number(MaxResults));
        return { Environments: page, ...(from + 25 < names.length && { NextToken: String(from + 25) }) };
      },
      getEnvironment: async ({ Name }) => ({ Environment: await read(String(Name)) }),
    },
    s3: { listObjectsV2: () => ({}) },
  };
}

describe('listing environments', () => {
  it('reads all pages, 25 names each', async () => {
    const { session, calls } = fakeSession(estate());
    expect(await listEnvironmentNames(session, quiet())).toEqual(names);
    expect(calls.map(({ input }) => input.MaxResults)).toEqual([25, 25, 25]);
  });

  it('gives names first and everything at last', async () => {
    const { session } = fakeSession(estate());
    const snapshots = await every(readEnvironments(session, quiet()));
    expect(snapshots[0]?.every((row) => row.environment === undefined && !row.complete)).toBe(true);
    expect(snapshots.at(-1)?.map((row) => row.name)).toEqual(names);
    expect(snapshots.at(-1)?.every((row) => row.complete && row.environment?.status === 'AVAILABLE')).toBe(true);
  });

  it('reads at most eight environments at once', async () => {
    let running = 0;
    let most = 0;
    const { session } = fakeSession(
      estate(async (name) => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
        return { Name: name };
      }),
    );
    await last(readEnvironments(session, quiet()));
    expect(most).toBe(8);
  });

  it('keeps every other row when one is refused, and one answers nothing', async () => {
    const denied = new Failure('denied', 'Not allowed: airflow:GetEnvironment.', { advice: 'Ask for it.' });
    const { session } = fakeSession(
      estate((name) => {
        if (name === 'env-07') throw denied;
        return name === 'env-08' ? undefined : { Name: name, Status: 'AVAILABLE' };
      }),
    );
    const rows = await last(readEnvironments(session, quiet()));
    expect(rows).toHaveLength(60);
    expect(rows.filter((row) => row.failure !== undefined).map((row) => [row.name, row.failure?.kind])).toEqual([
      ['env-07', 'denied'],
      ['env-08', 'service'],
    ]);
  });

  it('notes what it can not read of an environment and shows the rest', async () => {
    const { session } = fakeSession({
      ...estate(),
      s3: {
        listObjectsV2: () => {
          throw new Failure('denied', 'Not allowed: s3:ListBucket.');
        },
      },
    });
    const [row] = await last(readEnvironments(session, quiet()));
    expect(row).toMatchObject({ complete: true, environment: { status: 'AVAILABLE' } });
    expect(row?.ingestions).toBeUndefined();
    expect(row?.notes).toEqual(["Ingestions of env-00 can't be read: Not allowed: s3:ListBucket."]);
  });

  it('throws when the names can not be listed', async () => {
    const { session } = fakeSession({
      mwaa: {
        listEnvironments: () => {
          throw new Failure('unreachable', 'No such host.');
        },
      },
    });
    await expect(last(readEnvironments(session, quiet()))).rejects.toMatchObject({ kind: 'unreachable' });
  });

  it('begins a refresh with the rows that were there', async () => {
    const { session } = fakeSession(estate());
    await last(readEnvironments(session, quiet()));
    const [first] = await every(readEnvironments(session, quiet()));
    expect(first?.[0]).toMatchObject({ environment: { status: 'AVAILABLE' }, complete: false });
  });

  it('stops asking when it is aborted, and when its reader leaves', async () => {
    const controller = new AbortController();
    const { session, calls } = fakeSession(estate());
    const reading = (async () => {
      for await (const _ of readEnvironments(session, controller.signal)) controller.abort(new Error('gone'));
    })();
    await expect(reading).rejects.toThrow('gone');
    const before = calls.length;
    for await (const _ of readEnvironments(session, quiet())) break;
    await new Promise((resolve) => setImmediate(resolve));
    expect(calls.length).toBeLessThan(before + 20);
  });
});

describe('an environment', () => {
  const described = {
    Name: 'data-prod',
    Arn: 'arn:aws:airflow:eu-west-1:123456789012:environment/data-prod',
    Status: 'HIBERNATING',
    AirflowVersion: '4.0.0',
    WebserverUrl: 'abc.c2.eu-west-1.airflow.amazonaws.com',
    SourceBucketArn: 'arn:aws-cn:s3:::mwaa-data-prod',
    DagS3Path: '/dags/',
    RequirementsS3Path: 'requirements.txt',
    RequirementsS3ObjectVersion: 'v1',
    MinWebservers: 2,
    AirflowConfigurationOptions: { 'core.parallelism': '32', 'smtp.smtp_password': 'hunter2', 'secrets.backend': 'x' },
    LoggingConfiguration: {
      TaskLogs: {
        Enabled: true,
        LogLevel: 'INFO',
        CloudWatchLogGroupArn: 'arn:aws:logs:eu-west-1:123456789012:log-group:airflow-data-prod-Task:*',
      },
    },
    LastUpdate: {
      Status: 'FAILED',
      CreatedAt: new Date('2026-11-22T11:00:00Z'),
      Error: { ErrorCode: 'INCORRECT_CONFIGURATION', ErrorMessage: 'no' },
      WorkerReplacementStrategy: 'GRACEFUL',
    },
  };

  async function rowOf(environment: unknown) {
    const { session } = fakeSession({
      mwaa: {
        listEnvironments: () => ({ Environments: ['data-prod'] }),
        getEnvironment: () => ({ Environment: environment }),
      },
      s3: { listObjectsV2: () => ({}) },
    });
    const [row] = await last(readEnvironments(session, quiet()));
    if (row === undefined) throw new Error('no row');
    return row;
  }

  it('is read with all that it tells', async () => {
    expect((await rowOf(described)).environment).toMatchObject({
      status: 'HIBERNATING',
      webserverUrl: 'https://abc.c2.eu-west-1.airflow.amazonaws.com',
      sourceBucket: 'mwaa-data-prod',
      dagsPath: 'dags',
      requirements: { path: 'requirements.txt', versionId: 'v1' },
      plugins: undefined,
      minWebservers: 2,
      logGroups: { task: { enabled: true, level: 'INFO', group: 'airflow-data-prod-Task' }, worker: undefined },
      lastUpdate: { status: 'FAILED', createdAt: Date.UTC(2026, 10, 22, 11), workerReplacementStrategy: 'GRACEFUL' },
    });
  });

  it('may tell nothing at all, or nonsense', async () => {
    expect((await rowOf({})).environment).toMatchObject({
      name: 'data-prod',
      status: '',
      minWorkers: undefined,
      tags: {},
    });
    const nonsense = {
      Status: 7,
      MinWorkers: 'many',
      CreatedAt: new Date('x'),
      Tags: ['a'],
      NetworkConfiguration: null,
    };
    expect((await rowOf(nonsense)).environment).toMatchObject({
      status: '',
      minWorkers: undefined,
      createdAt: undefined,
    });
  });

  it('is JSON with stable keys, ISO times and no secret', async () => {
    const json = environmentJson(await rowOf(described));
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
    expect(json).toMatchObject({
      name: 'data-prod',
      airflowVersion: '4.0.0',
      ingestions: [],
      lastUpdate: { createdAt: '2026-11-22T11:00:00.000Z' },
      configurationOptions: { 'core.parallelism': '32', 'smtp.smtp_password': '(hidden)' },
      error: null,
    });
    const unreadable = environmentJson({ name: 'x', failure: new Failure('denied', 'no'), notes: [], complete: true });
    expect(Object.keys(unreadable)).toEqual(Object.keys(json));
    expect(unreadable).toMatchObject({ status: null, error: { message: 'no', advice: null } });
  });
});
