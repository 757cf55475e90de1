import { setMaxListeners } from 'node:events';
import { findOperation, type ServiceName } from '../reference/operations.ts';
import { Failure } from '../text/failure.ts';
import type { Budget } from './budget.ts';
import type { CallList } from './call-list.ts';
import type { Clock } from './clock.ts';
import type { Configuration } from './configuration.ts';
import type { SharedCredentials } from './credentials.ts';
import { doorPlugin, type Plugin } from './door.ts';
import { failureFrom } from './errors.ts';
import type { CallOptions, Send, ServiceModule } from './service.ts';
import type { Guard } from './session.ts';
import { silentLogger, type Transport } from './transport.ts';

/** What all services of a session share. */
export interface Door {
  readonly configuration: Configuration;
  readonly clock: Clock;
  readonly credentials: SharedCredentials;
  readonly transport: () => Promise<Transport>;
  readonly budget: Budget;
  readonly calls: CallList;
  /** Aborted when the session is closed. */
  readonly closed: AbortSignal;
  readonly guard: () => Guard;
  readonly clients: Map<ServiceName, Client>;
  /** The next call makes a new client, with the credentials then in force. */
  forgetClients(): void;
}

interface Client {
  send(command: object, options: { readonly abortSignal: AbortSignal }): Promise<object>;
}

interface Command {
  readonly middlewareStack: { use(plugin: Plugin): void };
}

/**
 * How a service's commands are sent: the only way to AWS in the product. Loads the client at its first
 * use, puts the door (guard, record, budget) in the way, ends with the caller's signal even while
 * credentials are being fetched, and throws a `Failure` for everything that AWS or the network refuse.
 * An aborted call throws the signal's reason.
 */
export function sender(service: ServiceName, load: () => Promise<ServiceModule>, door: Door): Send {
  return async (_session, name, input, options) => {
    const operation = findOperation(service, name);
    if (operation === undefined) throw new TypeError(`${service}.${name} is not in reference/operations`);
    const call = new CallSignal(door.closed, options);
    const plugin = doorPlugin({ operation, input, signal: call.signal, door, again: options.again });
    try {
      return await call.unlessAborted(async () => {
        const module = await load();
        await door.credentials.look();
        const client = await clientOf(service, module, door);
        const made = module.commands[name] as unknown as new (input: object) => Command;
        const command = new made(input);
        command.middlewareStack.use(plugin);
        return client.send(command, { abortSignal: call.signal });
      });
    } catch (error) {
      const { configuration, credentials, clock } = door;
      const failure = call.signal.aborted
        ? call.signal.reason
        : failureFrom(error, {
            operation,
            input,
            region: configuration.region,
            endpoint: configuration.endpointOf(service),
            signIn: credentials.signIn,
            now: clock.now(),
          });
      if (failure instanceof Failure && isRefusedCredential(failure)) credentials.drop();
      plugin.failed(failure);
      throw failure;
    } finally {
      call.done();
    }
  };
}

async function clientOf(service: ServiceName, module: ServiceModule, door: Door): Promise<Client> {
  const known = door.clients.get(service);
  if (known !== undefined) return known;
  // On Node 20 the SDK would write a warning over the screen.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const { configuration, credentials } = door;
  const endpoint = configuration.endpointOf(service);
  const client = new module.Client({
    region: configuration.region,
    credentials: credentials.provide,
    requestHandler: await door.transport(),
    maxAttempts: 1,
    // Where it has `info`, the SDK makes a copy of every answer without its secrets, for it alone.
    logger: { ...silentLogger, info: undefined },
    customUserAgent: [['app/mwaa-console']],
    ...(endpoint === undefined ? {} : overridden(service, endpoint)),
  } as never) as unknown as Client;
  door.clients.set(service, client);
  return client;
}

/** An endpoint of one's own has no `api.` or `stream-` hosts, no virtual-hosted buckets and no FIPS twin. */
function overridden(service: ServiceName, endpoint: string): object {
  return {
    endpoint,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    ...(service === 'mwaa' || service === 'logs' ? { disableHostPrefix: true } : {}),
    ...(service === 's3' ? { forcePathStyle: true } : {}),
  };
}

function isRefusedCredential(failure: Failure): boolean {
  return (failure.kind === 'expired' || failure.kind === 'not-signed-in') && failure.code !== undefined;
}

/** The caller's signal, the session's end and the time-out as one signal that leaves no listener behind. */
class CallSignal {
  readonly #controller = new AbortController();
  readonly #sources: readonly AbortSignal[];
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(closed: AbortSignal, { signal, timeout }: CallOptions) {
    this.#sources = signal === undefined ? [closed] : [closed, signal];
    for (const source of this.#sources) {
      // As many as there are calls under way: Node would take eleven for a leak, and say so on the screen.
      setMaxListeners(0, source);
      if (source.aborted) this.#controller.abort(source.reason);
      else source.addEventListener('abort', this.#abort, { once: true });
    }
    if (timeout !== undefined) {
      this.#timer = setTimeout(() => {
        const advice = 'Check the network, the VPN and HTTPS_PROXY, then try again.';
        this.#controller.abort(new Failure('unreachable', `No answer within ${timeout / 1_000} s.`, { advice }));
      }, timeout);
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The result of `run`, or the reason of the abort as soon as there is one. */
  unlessAborted<T>(run: () => Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    return new Promise<T>((resolve, reject) => {
      this.signal.addEventListener('abort', () => reject(this.signal.reason), { once: true });
      run().then(resolve, reject);
    });
  }

  done(): void {
    clearTimeout(this.#timer);
    for (const source of this.#sources) source.removeEventListener('abort', this.#abort);
  }

  readonly #abort = (event: Event) => {
    this.#controller.abort((event.target as AbortSignal).reason);
  };
}
