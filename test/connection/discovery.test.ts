import { describe, expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { type Discovery, discover } from '../../src/connection/discovery/discover.ts';
import { Seal } from '../../src/connection/discovery/seal.ts';
import { seal } from '../../src/demo/airflow/executors/discovery.ts';
import { restApiAccess } from '../../src/reference/rest-api-access.ts';
import { Failure } from '../../src/text/failure.ts';
import { regionForAll } from '../support/given-region.ts';
import type { Border, VirtualRegion } from '../support/virtual-region.ts';
import {
  discovering,
  discoveringByCommands,
  failEverywhere,
  failRemovalEverywhere,
  killEverywhere,
  killRemovalEverywhere,
  listOften,
  refuseRest,
  traces,
  workOf,
} from './disturbed.ts';

let region: VirtualRegion;
let session: Session;

regionForAll((given) => {
  ({ region, session } = given);
  listOften(region);
});

async function discovered(by: Session = session): Promise<Discovery> {
  return discover({ ...(await workOf(session)), session: by });
}

describe('a discovery', () => {
  test('brings back exactly what the worker has, and leaves nothing behind', async () => {
    const { found, remains } = await discovered();
    const { host, port, name, user, password } = await region.running.region.postgres.database('data-prod');
    expect(found).toMatchObject({ host, port, database: name, sslMode: 'require' });
    expect(found.candidates[0]).toEqual({ user, password });
    expect(remains).toEqual([]);
    expect(await traces(region)).toEqual([]);
  });

  test('killed at a request, and its removal as well, leaves nothing that the next start does not take away', async () => {
    expect(await killEverywhere(discovering(region), { from: 1, by: 6 })).toBeGreaterThan(45);
    expect(await killRemovalEverywhere(discovering(region), 38, { by: 3 })).toBeGreaterThan(8);
  }, 60_000);

  test('killed at an Airflow command, where InvokeRestApi is denied, leaves nothing either', async () => {
    expect(await killEverywhere(discoveringByCommands(region), { by: 8 })).toBeGreaterThan(15);
    expect(await killRemovalEverywhere(discoveringByCommands(region), 12, { by: 3 })).toBeGreaterThan(1);
  }, 60_000);

  test('each request of it or of its removal failing once, goes on to its end', async () => {
    await failEverywhere(discovering(region), 9, 9);
    await failRemovalEverywhere(discovering(region), 38, 8, 4);
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
    expect(await traces(region)).toEqual([]);
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
    expect(await traces(region)).toEqual([]);
  });

  test('goes by the command line and a line of the log where InvokeRestApi is denied altogether', async () => {
    const denied = await region.open({ before: refuseRest });
    const { found, remains } = await discovered(denied);
    const { user, password } = await region.running.region.postgres.database('data-prod');
    expect(found.candidates).toEqual([{ user, password }]);
    expect([...remains, ...(await traces(region))]).toEqual([]);
    const quiet = { ...(await workOf(session)), session: denied };
    const logGroups = { ...quiet.environment.logGroups, task: undefined };
    const refused = discover({ ...quiet, environment: { ...quiet.environment, logGroups } });
    await expect(refused).rejects.toMatchObject({ kind: 'denied', advice: expect.stringContaining('task logs') });
    expect(await traces(region)).toEqual([]);
  });

  test('does not disturb another at the same time', async () => {
    const [one, other] = await Promise.all([discovered(), discovered(await region.open())]);
    expect(one.found).toEqual(other.found);
    expect([...one.remains, ...other.remains, ...(await traces(region))]).toEqual([]);
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
    expect(await traces(region)).toEqual([]);
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
