import type { AwsError, Input } from '../service.ts';
import type { WireAnswer } from '../wire.ts';

/** A request's operation as a protocol reads it off the wire. */
interface Invocation {
  readonly operation: string;
  readonly input: Input;
}

/** What a protocol needs to know of the service that speaks it. */
export interface ServiceShape {
  /** Signing name, as in a credential scope. */
  readonly id: string;
  /** Error codes and statuses that differ between services. */
  readonly errors: {
    readonly denied: readonly [code: string, status: number];
    readonly throttled: readonly [code: string, status: number, message: string];
    readonly internal: readonly [code: string, status: number, message: string];
    readonly expired: readonly [code: string, status: number];
    readonly unsigned: readonly [code: string, status: number, message: string];
  };
  /** `X-Amz-Target` prefix of the JSON protocol. */
  readonly target?: string;
  /** XML namespace and API version of the query protocols. */
  readonly namespace?: string;
  readonly version?: string;
  /** Name of the error's text in JSON, by code; `message` unless the model says otherwise. */
  readonly messageMember?: (code: string) => string;
}

/** The request as far as a protocol reads it. */
export interface ProtocolRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** One of the AWS wire protocols. */
export interface Protocol {
  /** Reads the operation and its input; throws `AwsError` for what is no request of the protocol. */
  read(request: ProtocolRequest, shape: ServiceShape): Invocation;
  /** Refusal of an operation that the table lacks. */
  unknown(operation: string, shape: ServiceShape): AwsError;
  answer(output: unknown, operation: string, id: string, shape: ServiceShape): WireAnswer;
  fail(error: AwsError, id: string, shape: ServiceShape): WireAnswer;
}
