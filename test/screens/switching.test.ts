import { expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { changeSession } from '../../src/console/sign-in.ts';
import { Failure } from '../../src/text/failure.ts';
import { type FakeSession, fakeSession } from './support/fake-session.ts';
import { openScreen } from './support/screen.ts';

const SWITCHES = 200;

/** Numbers as a seed makes them, 0 to 1. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What the sessions were asked: calls after their end, and tasks that were stopped, by the session's name. */
interface Seen {
  readonly sent: string[];
  readonly stopped: [name: string, input: string][];
}

/** A session whose every answer names it, and comes some turns of the loop later, or never once it is closed. */
function namedSession(name: string, region: string, next: () => number, { sent, stopped }: Seen): FakeSession {
  const session = fakeSession({ profile: name, region });
  const answer = async <Answer>(value: Answer): Promise<Answer> => {
    for (let turns = Math.floor(next() * 6); turns > 0; turns -= 1) await new Promise(setImmediate);
    if (session.closed) throw new Failure('interrupted', 'The session was closed.');
    if (next() < 0.1) throw new Failure('throttled', `${name} is throttled.`);
    return value;
  };
  const arn = (kind: string) => `arn:aws:${kind}:${region}:123456789012:${name}`;
  const environment = { Name: `${name}-env`, Status: 'AVAILABLE', AirflowVersion: '3.2.1', Arn: arn('airflow') };
  const task = {
    taskArn: `${arn('ecs')}:task/${name}-cluster/${name}`,
    clusterArn: arn('ecs'),
    taskDefinitionArn: `${arn('ecs')}:task-definition/${name}:1`,
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
    createdAt: new Date(),
  };
  const members = (answers: Readonly<Record<string, unknown>>) =>
    new Proxy(
      {},
      {
        get: (_, operation) => (input: { readonly Method?: string }) => {
          if (session.closed || input.Method === 'PATCH') sent.push(`${name} ${String(operation)}`);
          if (operation === 'stopTask') stopped.push([name, JSON.stringify(input)]);
          return answer(answers[String(operation)] ?? {});
        },
      },
    );
  const services = {
    mwaa: members({
      listEnvironments: { Environments: [`${name}-env`] },
      getEnvironment: { Environment: environment },
    }),
    ecs: members({
      listClusters: { clusterArns: [arn('ecs')] },
      describeClusters: { clusters: [{ clusterName: `${name}-cluster`, clusterArn: arn('ecs'), status: 'ACTIVE' }] },
      listTasks: { taskArns: [task.taskArn] },
      describeTasks: { tasks: [task] },
    }),
    logs: members({
      filterLogEvents: {
        events: [
          { eventId: name, logStreamName: 'a', timestamp: Date.now(), ingestionTime: Date.now(), message: name },
        ],
      },
    }),
  };
  return Object.assign(session, services as unknown as Pick<Session, 'mwaa' | 'ecs' | 'logs'>, {
    identity: () => answer({ account: '123456789012', arn: arn('sts'), name: `${name}-role` }),
  });
}

test('200 switches of profile and region with everything in flight: nothing of the former one appears', async () => {
  let next = random(11);
  const seen: Seen = { sent: [], stopped: [] };
  const wrong: string[] = [];
  const sessions: FakeSession[] = [];
  const screen = await openScreen({
    columns: 120,
    rows: 40,
    session: async ({ profile = 'p0', region = 'r0' }) => {
      for (let turns = Math.floor(next() * 4); turns > 0; turns -= 1) await new Promise(setImmediate);
      const session = namedSession(`${profile}${region}`, region, () => next(), seen);
      sessions.push(session);
      return session;
    },
  });
  screen.stdout.on('painted', () => {
    const text = screen.text();
    const names = new Set(text.match(/p\d+r\d+/g));
    if (names.size > 1) wrong.push(text);
  });
  /** Goes where something of the session is read or written, and begins it. */
  const begin = async (name: string) => {
    const place = next();
    if (place < 0.2) {
      screen.console.router.push({ kind: 'cluster', name: `${name}-cluster`, tab: 'tasks' });
      await screen.until(() => /> p|is throttled/.test(screen.text()), 'its task or its failure is there');
      await screen.press('S');
      await screen.type('it has to end');
      await screen.press('enter', 'y');
    } else if (place < 0.5) screen.console.router.push({ kind: 'logs', groups: [`${name}-group`], since: '1h' });
    else if (place < 0.8) screen.console.router.push({ kind: 'environment', name: `${name}-env`, tab: 'overview' });
    if (next() < 0.5) await screen.press('j');
  };
  for (let turn = 1; turn <= SWITCHES; turn += 1) {
    const { session } = screen.console.session.getState();
    if (session?.profile !== undefined) await begin(session.profile);
    // Something is under way in the session that is about to go: a reading, a document.
    if (next() < 0.5) await screen.press('ctrl+r');
    if (next() < 0.3) await screen.press('d');
    // A dialog would take the keys; the session changes under it.
    if (next() < 0.5) await screen.press('escape', 'escape');
    const { choice } = screen.console.session.getState();
    const changed = next() < 0.5 ? { ...choice, profile: `p${turn}` } : { ...choice, region: `r${turn}` };
    void changeSession(screen.console, changed);
    if (next() < 0.7) await screen.press('j');
  }
  // What was throttled last is read again at once.
  next = () => 0.5;
  await screen.press('escape', 'escape', 'ctrl+r');
  const last = sessions.at(-1);
  await screen.sees(`${last?.profile}-env`);
  await screen.sees(`${last?.profile}-cluster`);
  expect(wrong).toEqual([]);
  expect(seen.sent).toEqual([]);
  // What was begun in one session stays in it.
  expect(seen.stopped.length).toBeGreaterThan(10);
  expect(seen.stopped.filter(([name, input]) => input.match(/p\d+r\d+/g)?.some((other) => other !== name))).toEqual([]);
  expect(sessions.slice(0, -1).every(({ closed }) => closed)).toBe(true);
  expect(await screen.close()).toBe(0);
});
