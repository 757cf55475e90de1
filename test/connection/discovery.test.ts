import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { type Discovery, discover } from '../../src/connection/discovery/discover.ts';
import { Seal } from '../../src/connection/discovery/seal.ts';
import { seal } from '../../src/demo/airflow/executors/discovery.ts';
import { type OneOffWork, readLeftOvers, removeLeftOver } from '../../src/deployment/one-off/one-off.ts';
import { readEnvironment } from '../../src/fleet/environments.ts';
import { restApiAccess } from '../../src/reference/rest-api-access.ts';
import { Failure } from '../../src/text/failure.ts';
import { type Border, type VirtualRegion, virtualRegion } from '../support/virtual-region.ts';

const { signal } = new AbortController();
const MINUTE = 60_000;
let region: VirtualRegion;
let session: Session;

beforeAll(async () => {
  region = await virtualRegion();
  // New files are listed each minute, not each five: fewer requests to be killed at.
  const { settings } = region.running.region.mwaa.environment('data-prod') ?? {};
  Object.assign(settings?.options ?? {}, { 'scheduler.dag_dir_list_interval': '60' });
  session = await region.open();
});
afterAll(() => region.close());

async function work(by: Session = session): Promise<OneOffWork> {
  const environment = await readEnvironment(session, 'data-prod', signal);
  return { session: by, environment, who: 'tester', signal, tell: () => {} };
}

async function discovered(by: Session = session): Promise<Discovery> {
  return discover(await work(by));
}

/** Everything of a one-off in the bucket (all versions) and in Airflow. */
function traces(): string[] {
  const { s3, mwaa } = region.running.region;
  const bucket = s3.bucket('mwaa-data-prod-123456789012');
  const keys = bucket?.keys().filter((key) => /mwaa_console_|one-off/.test(key)) ?? [];
  const dags = mwaa.environment('data-prod')?.airflow?.dags() ?? [];
  const ids = dags.map(({ definition }) => definition.dagId).filter((id) => id.startsWith('mwaa_console_'));
  return [...keys, ...ids];
}

/** What ends a run as a kill would: no failure that the product knows, so that it takes nothing back. */
class Killed extends Error {}

/** A session whose holder dies once so many requests were carried out: that one's answer is lost, and so is all later. */
async function mortal(lives = Number.POSITIVE_INFINITY) {
  const requests: string[] = [];
  const before = ({ operation, input }: Border) => {
    if (requests.length >= lives) throw new Killed();
    const { Method, Path, Key, Prefix } = input as Record<string, string | undefined>;
    requests.push([operation, Method, Path, Key, Prefix].join(' ').replace(/mwaa_console_\w{5}/g, 'ID'));
  };
  const after = () => {
    if (requests.length >= lives) throw new Killed();
  };
  return { session: await region.open({ before, after }), requests };
}

/** Which requests to be killed at: each kind's first two, since a poll that is repeated finds the same again. */
function borders(requests: readonly string[]): number[] {
  const seen = new Map<string, number>();
  return requests.flatMap((request, index) => {
    const times = (seen.get(request) ?? 0) + 1;
    seen.set(request, times);
    return times <= 2 && index + 1 < requests.length ? [index + 1] : [];
  });
}

describe('a discovery', () => {
  test('brings back exactly what the worker has, and leaves nothing behind', async () => {
    const { found, remains } = await discovered();
    const { host, port, name, user, password } = await region.running.region.postgres.database('data-prod');
    expect(found).toMatchObject({ host, port, database: name, sslMode: 'require' });
    expect(found.candidates[0]).toEqual({ user, password });
    expect(remains).toEqual([]);
    expect(traces()).toEqual([]);
  });

  test('killed at any request leaves nothing that its next start does not take away', async () => {
    const whole = await mortal();
    await discovered(whole.session);
    expect(borders(whole.requests).length).toBeGreaterThan(15);
    for (const lives of borders(whole.requests)) {
      const { session: victim } = await mortal(lives);
      await expect(discovered(victim), `killed at ${lives}`).rejects.toBeInstanceOf(Killed);
      expect(await readLeftOvers(await work(), signal), 'a live run is nobody else’s').toEqual([]);
      region.time.region.advance(4 * MINUTE);
      for (const leftOver of await readLeftOvers(await work(), signal)) {
        expect(await removeLeftOver(await work(), leftOver)).toBe(true);
      }
      region.time.region.advance(2 * MINUTE);
      expect(traces(), `killed at ${lives}`).toEqual([]);
    }
  }, 60_000);

  test('whose task fails says where to look, or that the task logs are off', async () => {
    const tampered = answeringFile((text) => text.replace(/PUBLIC_KEY = "[^"]+"/, 'PUBLIC_KEY = "no key"'));
    const failure = await discovered(tampered).catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: expect.stringContaining('ended as failed') });
    expect(failure).toMatchObject({ advice: expect.stringContaining('Task log group of data-prod') });
    const { settings } = region.running.region.mwaa.environment('data-prod') ?? {};
    const { TaskLogs } = settings?.logging ?? {};
    Object.assign(settings?.logging ?? {}, { TaskLogs: { Enabled: false, LogLevel: 'INFO' } });
    await expect(discovered(tampered)).rejects.toMatchObject({
      advice: expect.stringContaining('task logs of data-prod are off'),
    });
    Object.assign(settings?.logging ?? {}, { TaskLogs });
    expect(traces()).toEqual([]);
  });

  test('triggers, and takes away, by the command line where InvokeRestApi is for reading only', async () => {
    const commands: string[] = [];
    const before = ({ operation, input }: Border) => {
      if (operation === 'CreateCliToken') commands.push(operation);
      if (operation === 'InvokeRestApi' && restApiAccess(input) === 'write') {
        throw new Failure('denied', 'airflow:InvokeRestApi is for reading only.');
      }
    };
    const { found, remains } = await discovered(await region.open({ before }));
    expect(found.candidates).toHaveLength(1);
    expect(commands.length).toBeGreaterThanOrEqual(2);
    expect(remains).toEqual([]);
    expect(traces()).toEqual([]);
  });

  test('goes by the command line and a line of the log where InvokeRestApi is denied altogether', async () => {
    const before = ({ operation }: Border) => {
      if (operation === 'InvokeRestApi') throw new Failure('denied', 'airflow:InvokeRestApi is denied.');
    };
    const denied = await region.open({ before });
    const { found, remains } = await discovered(denied);
    const { user, password } = await region.running.region.postgres.database('data-prod');
    expect(found.candidates).toEqual([{ user, password }]);
    expect([...remains, ...traces()]).toEqual([]);
    const quiet = await work(denied);
    const logGroups = { ...quiet.environment.logGroups, task: undefined };
    const refused = discover({ ...quiet, environment: { ...quiet.environment, logGroups } });
    await expect(refused).rejects.toMatchObject({ kind: 'denied', advice: expect.stringContaining('task logs') });
    expect(traces()).toEqual([]);
  });

  test('does not disturb another at the same time', async () => {
    const [one, other] = await Promise.all([discovered(), discovered(await region.open())]);
    expect(one.found).toEqual(other.found);
    expect([...one.remains, ...other.remains, ...traces()]).toEqual([]);
  });
});

describe('an answer that is not this discovery’s', () => {
  test('is refused: another discovery’s, a tampered one, one that is none', async () => {
    const answers: string[] = [];
    await discovered(answering((value) => value, answers));
    const [first = ''] = answers;
    const flipped = first.slice(0, -1) + (first.endsWith('0') ? '1' : '0');
    for (const answer of [first, flipped, '00'.repeat(400)]) {
      await expect(discovered(answering(() => answer))).rejects.toMatchObject({
        kind: 'failed',
        message: 'What the task handed back was not sealed for this discovery.',
      });
    }
    await expect(discovered(answering(() => 'no hex'))).rejects.toThrow('no sealed connection');
    expect(traces()).toEqual([]);
  });

  test('and so is its own a second time', async () => {
    const own = new Seal();
    const answer = seal(own.publicKey, own.discoveryId, { some: 'thing' }) ?? '';
    expect(JSON.parse(own.open(answer))).toEqual({ some: 'thing' });
    expect(() => own.open(answer)).toThrow('has been opened before');
  });
});

/** The session with the task's answer replaced on its way; `seen` gets the true ones. */
function answering(replace: (value: string) => string, seen: string[] = []): Session {
  const invokeRestApi = async (...args: Parameters<Session['mwaa']['invokeRestApi']>) => {
    const answer = await session.mwaa.invokeRestApi(...args);
    if (!args[0].Path?.endsWith('/xcomEntries/k')) return answer;
    const response = answer.RestApiResponse as { value: string };
    seen.push(response.value);
    return { ...answer, RestApiResponse: { ...response, value: replace(response.value) } };
  };
  const mwaa = new Proxy(session.mwaa, {
    get: (service, name) => (name === 'invokeRestApi' ? invokeRestApi : Reflect.get(service, name)),
  });
  return new Proxy({} as Session, { get: (_, name) => (name === 'mwaa' ? mwaa : Reflect.get(session, name)) });
}

/** The session with the DAG's file changed on its way into the bucket. */
function answeringFile(change: (text: string) => string): Session {
  const putObject = (...[input, ...more]: Parameters<Session['s3']['putObject']>) =>
    session.s3.putObject(input.Key?.endsWith('.py') ? { ...input, Body: change(String(input.Body)) } : input, ...more);
  const s3 = new Proxy(session.s3, {
    get: (service, name) => (name === 'putObject' ? putObject : Reflect.get(service, name)),
  });
  return new Proxy({} as Session, { get: (_, name) => (name === 's3' ? s3 : Reflect.get(session, name)) });
}
