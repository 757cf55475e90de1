import type { Session } from './session.ts';

/** Options of one call. */
export interface CallOptions {
  /** Cancels the call; the screen or command that asked may be gone. */
  readonly signal?: AbortSignal | undefined;
  /** Time-out of the whole call, attempts included, in ms. */
  readonly timeout?: number;
  /** Asked before each attempt after the first: one that throws ends the call with what it throws. */
  readonly again?: () => Promise<unknown>;
}

/** What `src/aws/clients/<service>.ts` exports: the client and the commands in use, named statically. */
export interface ServiceModule {
  readonly Client: new (configuration: never) => { send: (...args: never[]) => Promise<unknown>; destroy(): void };
  readonly commands: Record<string, AnyCommand>;
}

/** Some commands' constructors take no input at all, so a common base has none either. */
type AnyCommand = abstract new (...args: never) => object;
type InputOf<C extends AnyCommand> = InstanceType<C> extends { readonly input: infer I } ? I : never;
type OutputOf<C extends AnyCommand> =
  InstanceType<C> extends {
    resolveMiddleware(...args: never[]): (...args: never[]) => Promise<{ output: infer O }>;
  }
    ? O
    : never;

/** A service's operations as plain functions: `session.ecs.listClusters(input, { signal })`. */
export type Operations<M extends ServiceModule> = {
  readonly [K in keyof M['commands'] & string as Uncapitalize<K>]: (
    input: InputOf<M['commands'][K]>,
    options?: CallOptions,
  ) => Promise<OutputOf<M['commands'][K]>>;
};

/** Sends one command of a service for a session: loads the client, guards, budgets, translates errors. */
export type Send = (session: Session, command: string, input: object, options: CallOptions) => Promise<unknown>;

/**
 * The operations of a service as an object that loads nothing until the first call. A member's name is
 * the command's with a small first letter.
 */
export function operations<M extends ServiceModule>(session: Session, send: Send): Operations<M> {
  return new Proxy({} as Operations<M>, {
    get: (_, name) =>
      typeof name === 'string' && name !== 'then'
        ? (input: object, options: CallOptions = {}) =>
            send(session, name.charAt(0).toUpperCase() + name.slice(1), input, options)
        : undefined,
  });
}
