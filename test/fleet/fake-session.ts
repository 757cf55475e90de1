import type { Clock } from '../../src/aws/clock.ts';
import type { Session } from '../../src/aws/session.ts';
import { families } from '../../src/reference/api-families.ts';
import { HandClock } from '../support/hand-clock.ts';

type Call = (input: Record<string, unknown>, options: { signal?: AbortSignal }) => unknown;

/** The operations of each service that a test answers; what is missing rejects. */
export interface FakeServices {
  readonly mwaa?: Record<string, Call>;
  readonly ecs?: Record<string, Call>;
  readonly logs?: Record<string, Call>;
  readonly s3?: Record<string, Call>;
  readonly ec2?: Record<string, Call>;
}

/** 2026-11-22T12:00Z. */
export const NOON = Date.UTC(2026, 10, 22, 12);

/** A session whose operations are the functions given; `calls` has the names of those that were called. */
export function fakeSession(
  services: FakeServices,
  clock: Clock = new HandClock(NOON),
): { session: Session; calls: { operation: string; input: Record<string, unknown> }[] } {
  const calls: { operation: string; input: Record<string, unknown> }[] = [];
  const service = (name: string, operations: Record<string, Call> = {}) =>
    new Proxy(
      {},
      {
        get: (_, operation) =>
          typeof operation === 'string' && operation !== 'then'
            ? async (input: Record<string, unknown>, options: { signal?: AbortSignal } = {}) => {
                options.signal?.throwIfAborted();
                calls.push({ operation: `${name}.${operation}`, input });
                const answer = operations[operation];
                if (answer === undefined) throw new Error(`${name}.${operation} is not part of this test`);
                return answer(input, options);
              }
            : undefined,
      },
    );
  const session = {
    region: 'eu-west-1',
    clock,
    mwaa: service('mwaa', services.mwaa),
    ecs: service('ecs', services.ecs),
    logs: service('logs', services.logs),
    s3: service('s3', services.s3),
    ec2: service('ec2', services.ec2),
    rate: (family: keyof typeof families) => families[family].rate,
    identity: async () => ({
      account: '123456789012',
      arn: 'arn:aws:sts::123456789012:assumed-role/OnCall/me',
      name: 'OnCall',
    }),
  };
  return { session: session as unknown as Session, calls };
}

/** The last snapshot of a reading. */
export async function last<T>(snapshots: AsyncIterable<T>): Promise<T> {
  const all = await every(snapshots);
  const end = all.at(-1);
  if (end === undefined) throw new Error('there was no snapshot');
  return end;
}

/** All snapshots of a reading. */
export async function every<T>(snapshots: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const snapshot of snapshots) all.push(snapshot);
  return all;
}

/** A signal that nothing aborts. */
export const quiet = (): AbortSignal => new AbortController().signal;
