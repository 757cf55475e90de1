import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { asCommandLine } from '../../src/aws/command-line.ts';
import { openSession } from '../../src/aws/open.ts';
import type { CallRecord, Session } from '../../src/aws/session.ts';
import { type RunningRegion, startRegion } from '../../src/demo/region.ts';
import { readDashboard } from '../../src/fleet/dashboard.ts';
import { Failure } from '../../src/text/failure.ts';
import { HandClock } from '../support/hand-clock.ts';
import { AwsClient } from './aws-client.ts';

/*
 * The lines of `@` are for an incident ticket and for a colleague's shell: a shell has to read them as they stand, and
 * the real client has to ask with them what the console asked. The console works on one region, the client on another
 * of the same seed; what both regions were asked is compared.
 */

const NOW = Date.UTC(2026, 5, 16, 12, 20);
const BODY = 'schedule: "@daily"\n';
const SECRET = JSON.stringify({ source: { type: 'redshift' }, note: "it's 5 o'clock" });

let asked: RunningRegion;
let repeated: RunningRegion;
let session: Session;
let aws: AwsClient;
beforeAll(async () => {
  const clock = new HandClock(NOW);
  [asked, repeated] = await Promise.all([startRegion({ clock, seed: 7 }), startRegion({ clock, seed: 7 })]);
  session = await openSession({
    endpoint: asked.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIADEMOADMIN0000000', secretAccessKey: 'demo' },
    clock: { now: () => clock.now(), sleep: async () => {} },
  });
  aws = new AwsClient(repeated.url);
});
afterAll(async () => {
  aws?.dispose();
  session?.close();
  await Promise.all([asked?.close(), repeated?.close()]);
});

interface SeenRequest {
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
  readonly status: number;
}

async function requests({ url }: RunningRegion): Promise<readonly SeenRequest[]> {
  const answer = await fetch(`${url}/_demo/requests`);
  return ((await answer.json()) as { readonly requests: readonly SeenRequest[] }).requests;
}

/** A request as text; in the order of its members' names, without the token that each client makes for itself. */
function told({ service, operation, input, status }: SeenRequest): string {
  return JSON.stringify([service, operation, input, status], (name, value: unknown) => {
    if (name === 'ClientRequestToken') return undefined;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}

/** The words of a line as a shell reads them, without `aws`. */
function wordsOf(line: string): readonly string[] {
  const printed = execFileSync('bash', ['-c', `aws() { printf '%s\\0' "$@"; }\n${line}`], { encoding: 'utf8' });
  return printed.split('\0').slice(0, -1);
}

/** What a user does with a placeholder: the file is supplied. */
function filledIn(words: readonly string[], files: Readonly<Record<string, string>>): string[] {
  return words.map((word) => {
    const [, scheme = '', name = ''] = /^(fileb?:\/\/)?([\w-]+\.(?:json|bin))$/.exec(word) ?? [];
    const content = files[name];
    return content === undefined ? word : `${scheme}${aws.file(name, content)}`;
  });
}

/** Makes calls, repeats each line of them with the client, and compares what the two regions were asked. */
async function compare(calls: () => Promise<unknown>, files: Readonly<Record<string, string>> = {}): Promise<number> {
  const before = session.calls.length;
  const [already, repeatedBefore] = [(await requests(asked)).length, (await requests(repeated)).length];
  await calls();
  const made: readonly CallRecord[] = session.calls.slice(before);
  for (const call of made) {
    const line = asCommandLine(call, { region: session.region, endpoint: repeated.url });
    const words = filledIn(wordsOf(line), files);
    const { code, stderr } = await aws.run(...words);
    // A refusal of the console's own call is one of the client's, too.
    expect(code === 0, `${line}\n${stderr}`).toBe(call.error === undefined);
  }
  const mine = (await requests(asked)).slice(already).map(told);
  const theirs = (await requests(repeated)).slice(repeatedBefore).map(told);
  expect(theirs.sort()).toEqual(mine.sort());
  return made.length;
}

test('all that the dashboard reads', async () => {
  const made = await compare(async () => {
    for await (const _ of readDashboard(session, AbortSignal.timeout(60_000)));
  });
  expect(made).toBeGreaterThan(20);
});

test('an answer that AWS refuses is refused to the client as well', async () => {
  await compare(async () => {
    await expect(session.mwaa.getEnvironment({ Name: 'nowhere' })).rejects.toBeInstanceOf(Failure);
    await expect(
      session.s3.getObject({ Bucket: 'mwaa-data-prod-123456789012', Key: 'no/such key' }),
    ).rejects.toBeInstanceOf(Failure);
  });
});

test('reads with patterns, times and texts that a shell would take apart', async () => {
  await compare(async () => {
    await session.logs.filterLogEvents({
      logGroupName: '/ecs/openmetadata-ingestion',
      filterPattern: '"it\'s" ?ERROR ?"$HOME `id`" -WARN',
      startTime: NOW - 3_600_000,
      endTime: NOW,
      limit: 50,
    });
    await session.mwaa.invokeRestApi({
      Name: 'data-prod',
      Path: '/dags',
      Method: 'GET',
      QueryParameters: { limit: '100', dag_id_pattern: "%it's & co%" },
    });
    await session.iam.simulatePrincipalPolicy({
      PolicySourceArn: 'arn:aws:iam::123456789012:role/OnCall',
      ActionNames: ['ecs:RunTask', 'ecs:StopTask'],
    });
  });
});

test('writes, those with placeholders once the file is there', async () => {
  const files = { 'body.bin': BODY, 'secret-string.json': SECRET };
  const made = await compare(async () => {
    await session.secretsManager.createSecret({ Name: 'mwaa-console/data-prod/peer', SecretString: SECRET });
    await session.s3.putObject({
      Bucket: 'mwaa-data-prod-123456789012',
      Key: 'dags/peer.py',
      Body: BODY,
      IfNoneMatch: '*',
    });
    await session.logs.createLogGroup({ logGroupName: '/ecs/peer' });
    await session.logs.putRetentionPolicy({ logGroupName: '/ecs/peer', retentionInDays: 30 });
    await session.ecs.registerTaskDefinition({
      family: 'data-prod-peer',
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: '1024',
      memory: '2048',
      executionRoleArn: 'arn:aws:iam::123456789012:role/openmetadata-ingestion-execution',
      containerDefinitions: [
        {
          name: 'ingestion',
          image: 'docker.io/openmetadata/ingestion-base:1.12.8',
          essential: true,
          command: ['python', 'main.py'],
        },
      ],
    });
    await session.iam.putRolePolicy({
      RoleName: 'mwaa-data-prod-role',
      PolicyName: 'mwaa-console-peer',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'ecs:RunTask', Resource: '*' }],
      }),
    });
    await session.mwaa.invokeRestApi({
      Name: 'data-prod',
      Path: '/dags/orders_hourly',
      Method: 'PATCH',
      Body: { is_paused: true },
    });
  }, files);
  expect(made).toBe(7);
});
