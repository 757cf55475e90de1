import { families } from '../reference/api-families.ts';
import type { ServiceName } from '../reference/operations.ts';
import { Failure } from '../text/failure.ts';
import { sharedBudget } from './budget.ts';
import { CallList } from './call-list.ts';
import { type Clock, systemClock } from './clock.ts';
import { type Configuration, readConfiguration } from './configuration.ts';
import { type Credentials, type MfaCode, SharedCredentials } from './credentials.ts';
import type { DebugLog } from './debug-log.ts';
import { readIdentity } from './identity.ts';
import { type Door, sender } from './send.ts';
import { operations } from './service.ts';
import type { Guard, Identity, Session } from './session.ts';
import { openTransport, type Timeouts, type Transport } from './transport.ts';

/** What a session is opened with; everything may be left out where the user's AWS configuration says it. */
export interface SessionOptions {
  readonly profile?: string | undefined;
  readonly region?: string | undefined;
  /** Endpoint of every service, such as an embedded region's URL. */
  readonly endpoint?: string | undefined;
  /**
   * Keys to use as they are. The session then looks at no AWS setting of the user at all: `region` must be
   * given too. Meant for an embedded region.
   */
  readonly credentials?: Credentials | undefined;
  readonly readOnly?: boolean | undefined;
  readonly clock?: Clock | undefined;
  readonly mfaCode?: MfaCode | undefined;
  /** Where settings are read from; the process's own environment when absent. */
  readonly environment?: NodeJS.ProcessEnv | undefined;
  /** Ms of the wall clock. */
  readonly timeouts?: Partial<Timeouts & { readonly credentials: number }> | undefined;
  /** Gets every ended call. */
  readonly debug?: DebugLog | undefined;
}

const TIMEOUTS = { connection: 3_000, request: 15_000, credentials: 10_000 };

/**
 * Opens a session. Reads the AWS configuration files only: nothing is signed in, nothing is sent and no
 * AWS client is loaded before the first call.
 * Fails with 'usage' when the profile is unknown, no region is set, or an endpoint is no URL.
 */
export async function openSession(options: SessionOptions = {}): Promise<Session> {
  const environment = options.environment ?? process.env;
  const configuration = await configurationFor(options, environment);
  return new OpenSession(options, environment, configuration);
}

async function configurationFor(options: SessionOptions, environment: NodeJS.ProcessEnv): Promise<Configuration> {
  if (options.credentials === undefined) return readConfiguration(options, environment);
  const { region, endpoint } = options;
  if (region === undefined) throw new TypeError('credentials without a region');
  return {
    profile: undefined,
    profileChosen: false,
    region,
    endpoint,
    endpointOf: () => endpoint,
    caBundle: undefined,
  };
}

class OpenSession implements Session {
  readonly profile: string | undefined;
  readonly region: string;
  readonly endpoint: string | undefined;
  readonly clock: Clock;
  readonly mwaa: Session['mwaa'];
  readonly ecs: Session['ecs'];
  readonly logs: Session['logs'];
  readonly s3: Session['s3'];
  readonly sts: Session['sts'];
  readonly iam: Session['iam'];
  readonly ec2: Session['ec2'];
  readonly secretsManager: Session['secretsManager'];
  readonly #listeners = new Set<() => void>();
  readonly #closed = new AbortController();
  readonly #calls: CallList;
  readonly #budget;
  readonly #credentials: SharedCredentials;
  readonly #door: Door;
  readonly #stopBudget: () => void;
  #guard: Guard;
  #identity: Identity | undefined;
  #transport: Promise<Transport> | undefined;

  constructor(options: SessionOptions, environment: NodeJS.ProcessEnv, configuration: Configuration) {
    this.profile = configuration.profile;
    this.region = configuration.region;
    this.endpoint = configuration.endpoint;
    this.clock = options.clock ?? systemClock;
    this.#guard = { readOnly: options.readOnly ?? false };
    const changed = () => this.#changed();
    this.#calls = new CallList(this.clock, changed, (record) => options.debug?.call(record));
    this.#budget = sharedBudget(this.clock, budgetKey(options, environment, configuration));
    this.#stopBudget = this.#budget.subscribe(changed);
    const timeouts = { ...TIMEOUTS, ...options.timeouts };
    const transport = () => this.#openTransport(environment, configuration, timeouts);
    this.#credentials = new SharedCredentials({
      configuration,
      environment,
      clock: this.clock,
      transport,
      fixed: options.credentials,
      mfaCode: options.mfaCode,
      timeout: timeouts.credentials,
      changed: () => {
        this.#identity = undefined;
        this.#door.forgetClients();
        changed();
      },
    });
    this.#door = {
      configuration,
      clock: this.clock,
      credentials: this.#credentials,
      transport,
      budget: this.#budget,
      calls: this.#calls,
      closed: this.#closed.signal,
      guard: () => this.#guard,
      clients: new Map(),
      forgetClients() {
        this.clients.clear();
      },
    };
    const service = <Name extends ServiceName>(name: Name) =>
      operations<Awaited<ReturnType<(typeof MODULES)[Name]>>>(this, sender(name, MODULES[name], this.#door));
    this.mwaa = service('mwaa');
    this.ecs = service('ecs');
    this.logs = service('logs');
    this.s3 = service('s3');
    this.sts = service('sts');
    this.iam = service('iam');
    this.ec2 = service('ec2');
    this.secretsManager = service('secretsManager');
  }

  get guard(): Guard {
    return this.#guard;
  }

  set guard(guard: Guard) {
    this.#guard = guard;
    this.#changed();
  }

  get calls(): Session['calls'] {
    return this.#calls.records;
  }

  get credentialsExpireAt(): number | undefined {
    return this.#credentials.expiresAt;
  }

  rate(family: keyof typeof families): number {
    return this.#budget.bucket(families[family], {}).rate;
  }

  throttles(): ReturnType<Session['throttles']> {
    return this.#budget.throttles();
  }

  async identity(signal?: AbortSignal): Promise<Identity> {
    const { expiresAt } = this.#credentials;
    // Whose credentials have ended is nobody until there are others.
    if (expiresAt !== undefined && expiresAt <= this.clock.now()) this.#identity = undefined;
    this.#identity ??= await readIdentity(this, signal);
    return this.#identity;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#closed.abort(new Failure('interrupted', 'The session was closed.'));
    this.#stopBudget();
    this.#door.forgetClients();
    this.#transport?.then((transport) => transport.destroy()).catch(() => {});
    this.#listeners.clear();
  }

  /** A transport that could not be opened is not remembered: the file may be there next time. */
  #openTransport(environment: NodeJS.ProcessEnv, configuration: Configuration, timeouts: Timeouts): Promise<Transport> {
    this.#transport ??= openTransport(environment, configuration.caBundle, timeouts).catch((error: unknown) => {
      this.#transport = undefined;
      throw error;
    });
    return this.#transport;
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** One file a service; loaded when its first operation is called. */
const MODULES = {
  mwaa: () => import('./clients/mwaa.ts'),
  ecs: () => import('./clients/ecs.ts'),
  logs: () => import('./clients/logs.ts'),
  s3: () => import('./clients/s3.ts'),
  sts: () => import('./clients/sts.ts'),
  iam: () => import('./clients/iam.ts'),
  ec2: () => import('./clients/ec2.ts'),
  secretsManager: () => import('./clients/secrets-manager.ts'),
} satisfies Record<ServiceName, () => Promise<unknown>>;

/** Limits are an account's and a region's; the account is not known before the first call, so its keys' origin stands for it. */
function budgetKey(options: SessionOptions, environment: NodeJS.ProcessEnv, configuration: Configuration): string {
  const origin =
    options.credentials?.accessKeyId ?? configuration.profile ?? environment.AWS_ACCESS_KEY_ID ?? 'default';
  return [origin, configuration.region, configuration.endpoint ?? ''].join('|');
}
