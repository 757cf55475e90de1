import { systemClock } from '../../../src/aws/clock.ts';
import type { CallRecord, Identity, Session, ThrottleState } from '../../../src/aws/session.ts';

/** What a test changes while the console runs. */
export interface FakeSession extends Session {
  throttled: ThrottleState[];
  credentialsExpireAt: number | undefined;
  readonly made: CallRecord[];
  closed: boolean;
  /** Tells subscribers that something changed. */
  changed(): void;
}

/** A session that makes no call: for the frame and the widgets, whose rows come from the test. */
export function fakeSession(
  options: { readonly profile?: string; readonly region?: string; readonly identity?: () => Promise<Identity> } = {},
): FakeSession {
  const listeners = new Set<() => void>();
  const absent = new Proxy(
    {},
    { get: (_, name) => () => Promise.reject(new Error(`No call to ${String(name)} here`)) },
  );
  const service = absent as never;
  const made: CallRecord[] = [];
  const session: FakeSession = {
    profile: options.profile ?? 'on-call',
    region: options.region ?? 'eu-west-1',
    endpoint: undefined,
    clock: systemClock,
    guard: { readOnly: false },
    mwaa: service,
    ecs: service,
    logs: service,
    s3: service,
    sts: service,
    iam: service,
    ec2: service,
    secretsManager: service,
    rate: () => 1,
    identity:
      options.identity ??
      (() =>
        Promise.resolve({
          account: '123456789012',
          arn: 'arn:aws:sts::123456789012:assumed-role/OnCall/me',
          name: 'OnCall',
        })),
    credentialsExpireAt: undefined,
    made,
    calls: made,
    throttled: [],
    throttles: () => session.throttled,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    closed: false,
    close: () => {
      session.closed = true;
    },
    changed: () => {
      for (const listener of listeners) listener();
    },
  };
  return session;
}
