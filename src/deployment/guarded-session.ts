import type { CallOptions } from '../aws/service.ts';
import type { Session } from '../aws/session.ts';
import { accessOf, findOperation, type ServiceName } from '../reference/operations.ts';
import type { Lock } from './lock.ts';

const SERVICES: readonly ServiceName[] = ['mwaa', 'ecs', 'logs', 's3', 'sts', 'iam', 'ec2', 'secretsManager'];

type Call = (input: object, options?: CallOptions) => Promise<unknown>;

/**
 * The session of a deployment: before each write the lock is read again, so that a holder that slept past its lock's
 * expiry writes nothing more, wherever in a step it woke up, between two attempts of one call too.
 */
export function guardedSession(session: Session, lock: Lock): Session {
  const services = new Map<string | symbol, object>(
    SERVICES.map((service) => [service, guarded(session, service, lock)]),
  );
  return new Proxy(session, {
    get: (_, name) => {
      const value: unknown = services.get(name) ?? Reflect.get(session, name, session);
      return typeof value === 'function' ? value.bind(session) : value;
    },
  });
}

function guarded(session: Session, service: ServiceName, lock: Lock): object {
  const calls = session[service] as unknown as Readonly<Record<string, Call>>;
  return new Proxy(calls, {
    get: (_, name) => {
      if (typeof name !== 'string') return undefined;
      const operation = findOperation(service, `${name.charAt(0).toUpperCase()}${name.slice(1)}`);
      const call: Call = async (input, options = {}) => {
        // What the table does not know is refused at the door.
        const writes = operation === undefined || accessOf(operation, input) === 'write';
        if (!writes) return calls[name]?.(input, options);
        const again = () => lock.ensureHeld(options.signal ?? new AbortController().signal);
        await again();
        return calls[name]?.(input, { ...options, again });
      };
      return call;
    },
  });
}
