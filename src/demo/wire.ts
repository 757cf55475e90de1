import type { Call, Caller, Input } from './service.ts';

/** What a service answers on HTTP; the server adds the request id, the date and the length. */
export interface WireAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

/**
 * One HTTP request to a service that has no operation table of its own (S3, MWAA, the OpenMetadata
 * server): raw, its signature's key already turned into a caller.
 */
export interface WireRequest {
  /** The request id that the answer carries. */
  readonly id: string;
  readonly method: string;
  /** The path as it was sent, percent-encoded, without the query; an S3 bucket of the host is already its first part. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in small letters; a repeated header's values are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** Body with any `aws-chunked` coding already taken off. */
  readonly body: Buffer;
  readonly caller: Caller;
  /**
   * Carries one operation out: lists it for `GET /_demo/requests`, takes from its throttle bucket and
   * applies a fault asked for, then calls `action`. Every route answers through it. An `AwsError` thrown
   * inside or outside of it is answered in the service's protocol.
   */
  perform(
    operation: string,
    input: Input,
    action: (call: Call) => WireAnswer | Promise<WireAnswer>,
  ): Promise<WireAnswer>;
}

/** A service that reads and answers raw HTTP. */
export interface WireService {
  handle(request: WireRequest): Promise<WireAnswer>;
}

/** A JSON body with the content type of the REST-JSON protocol. */
export function jsonAnswer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): WireAnswer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}
