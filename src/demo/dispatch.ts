import { Budgets } from './budgets.ts';
import type { Clock } from './clock.ts';
import { type Fault, Faults } from './faults.ts';
import { isWebServerPath } from './mwaa/web-server.ts';
import { awsJson } from './protocols/aws-json.ts';
import { ec2Query } from './protocols/ec2.ts';
import type { Protocol, ProtocolRequest, ServiceShape } from './protocols/protocol.ts';
import { query } from './protocols/query.ts';
import { plainJson, restJson, s3Xml } from './protocols/rest.ts';
import { isServiceId, type ServiceId, SHAPES } from './protocols/shapes.ts';
import { IncompleteSignature, readCredential } from './protocols/signature.ts';
import { denied, expired, incompleteSignature, internal, throttled, unsigned, wrongRegion } from './refusals.ts';
import type { Region } from './region.ts';
import { Requests } from './requests.ts';
import { AwsError, type Call, type Caller, type Input, type Operations } from './service.ts';
import type { WireAnswer, WireRequest, WireService } from './wire.ts';

/** How a connection ends: an answer, an answer cut in its middle, silence, or a cut. */
export type Ending = { readonly answer: WireAnswer; readonly cut: boolean } | 'silence' | 'cut';

/** Thrown through a service by a fault that leaves no proper answer. */
class Interruption extends Error {
  readonly ending: Ending;

  constructor(ending: Ending) {
    super('interrupted by a fault');
    this.ending = ending;
  }
}

/** A request as the server read it. */
export interface RawRequest extends ProtocolRequest {
  readonly id: string;
  /** First label of a `bucket.localhost` Host header. */
  readonly bucketHost: string | undefined;
}

const GLOBAL: readonly ServiceId[] = ['iam', 'sts'];

const ANONYMOUS: Caller = { accessKeyId: '', arn: 'anonymous', userId: 'anonymous', role: undefined };

type Route =
  | { readonly protocol: Protocol; readonly operations: Operations }
  | { readonly protocol: Pick<Protocol, 'fail'>; readonly service: WireService };

/** Finds who calls what, carries it out, and answers in the service's protocol. */
export class Dispatcher {
  readonly faults = new Faults();
  readonly requests = new Requests();
  readonly #region: Region;
  readonly #clock: Clock;
  readonly #budgets: Budgets;
  readonly #throttling: boolean;

  constructor(region: Region) {
    this.#region = region;
    this.#clock = region.clock;
    this.#budgets = new Budgets(region.clock);
    this.#throttling = region.options.throttling ?? region.options.clock === undefined;
  }

  /** Answers one request to a service or to the OpenMetadata server. */
  async dispatch(raw: RawRequest): Promise<Ending> {
    const id = serviceOf(raw);
    const shape: ServiceShape = SHAPES[id];
    const route = this.#route(id);
    try {
      const answer = await this.#answer(raw, id, shape, route);
      this.requests.end(raw.id, answer.status, undefined);
      const idHeader = id === 's3' ? 'x-amz-request-id' : 'x-amzn-requestid';
      return { answer: { ...answer, headers: { [idHeader]: raw.id, ...answer.headers } }, cut: false };
    } catch (error) {
      if (error instanceof Interruption) {
        const status = typeof error.ending === 'string' || error.ending.cut ? null : error.ending.answer.status;
        this.requests.end(raw.id, status, undefined);
        return error.ending;
      }
      const refusal =
        error instanceof AwsError ? error : internal(shape, `bug in the embedded region: ${String(error)}`);
      const detail = error instanceof AwsError ? error.code : `bug: ${error instanceof Error ? error.stack : error}`;
      this.requests.end(raw.id, refusal.status, detail);
      return { answer: route.protocol.fail(refusal, raw.id, shape), cut: false };
    }
  }

  async #answer(raw: RawRequest, id: ServiceId, shape: ServiceShape, route: Route): Promise<WireAnswer> {
    // The OpenMetadata server and the environments' web servers have tokens of their own.
    const open = id === 'openmetadata' || (id === 'airflow' && isWebServerPath(raw.path));
    const caller = open ? ANONYMOUS : this.#caller(raw, id, shape);
    if ('service' in route) {
      const request: WireRequest = {
        ...raw,
        path: id === 's3' && raw.bucketHost !== undefined ? `/${raw.bucketHost}${raw.path}` : raw.path,
        caller,
        perform: (operation, input, action) => this.#perform(raw.id, shape, caller, operation, input, action),
      };
      return route.service.handle(request);
    }
    const { operation, input } = route.protocol.read(raw, shape);
    return this.#perform(raw.id, shape, caller, operation, input, async (call) => {
      const known = Object.hasOwn(route.operations, operation) ? route.operations[operation] : undefined;
      if (known === undefined) throw route.protocol.unknown(operation, shape);
      return route.protocol.answer(await known(input, call), operation, raw.id, shape);
    });
  }

  #caller(raw: RawRequest, id: ServiceId, shape: ServiceShape): Caller {
    let credential: ReturnType<typeof readCredential>;
    try {
      credential = readCredential(raw.headers.authorization, raw.query);
    } catch (error) {
      if (error instanceof IncompleteSignature) throw incompleteSignature(shape, error.message);
      throw error;
    }
    if (credential === undefined) throw unsigned(shape);
    if (credential.region !== this.#region.name && !GLOBAL.includes(id)) {
      throw wrongRegion(shape, credential.region, this.#region.name);
    }
    const caller = this.#region.sts.callerOf(credential.accessKeyId);
    if (caller === 'expired') throw expired(shape);
    return caller;
  }

  async #perform(
    id: string,
    shape: ServiceShape,
    caller: Caller,
    operation: string,
    input: Input,
    action: (call: Call) => WireAnswer | Promise<WireAnswer>,
  ): Promise<WireAnswer> {
    const region = this.#region;
    this.requests.add({ id, at: this.#clock.now(), service: shape.id, operation, input, caller: caller.arn });
    const refuse = (decision: 'implicitDeny' | 'explicitDeny', what: string, resource: string): AwsError =>
      denied(shape, caller, what, resource, decision);
    const call: Call = {
      region,
      caller,
      operation,
      id,
      authorize: (what, resource, context = {}) => {
        const decision = region.iam.decide(caller, what, resource, context);
        if (decision !== 'allowed') throw refuse(decision, what, resource);
      },
    };
    const fault = this.faults.next(shape.id, operation, input);
    const prefix = shape.id === 'airflow' ? 'airflow' : shape.id;
    const refused = () => refuse('implicitDeny', `${prefix}:${operation}`, '*');
    if (fault?.when === 'before') await this.#strike(fault, shape, refused);
    if (this.#throttling && !this.#budgets.take(shape.id, operation, input)) throw throttled(shape);
    const answer = await action(call);
    if (fault?.when === 'during') throw new Interruption({ answer, cut: true });
    if (fault?.when === 'after') await this.#strike(fault, shape, refused);
    return answer;
  }

  /** Lets a fault happen: throws, or returns after the delay of `slow`. */
  async #strike(fault: Fault, shape: ServiceShape, refused: () => AwsError): Promise<void> {
    switch (fault.kind) {
      case 'throttle':
        throw throttled(shape);
      case 'error': {
        const usual = internal(shape);
        throw new AwsError(fault.code ?? usual.code, fault.message ?? usual.message, fault.status ?? usual.status);
      }
      case 'denied':
        throw refused();
      case 'timeout':
        throw new Interruption('silence');
      case 'cut':
        throw new Interruption('cut');
      case 'garbage': {
        const body = fault.message ?? '<html><body><h1>It works!</h1></body></html>\n';
        const headers = { 'content-type': 'text/html' };
        throw new Interruption({ answer: { status: fault.status ?? 200, headers, body }, cut: false });
      }
      case 'slow':
        await new Promise<void>((resolve) => {
          this.#clock.after(fault.ms, resolve);
        });
    }
  }

  #route(id: ServiceId): Route {
    const region = this.#region;
    switch (id) {
      case 'ecs':
        return { protocol: awsJson, operations: region.ecs.operations };
      case 'logs':
        return { protocol: awsJson, operations: region.logs.operations };
      case 'secretsmanager':
        return { protocol: awsJson, operations: region.secrets.operations };
      case 'sts':
        return { protocol: query, operations: region.sts.operations };
      case 'iam':
        return { protocol: query, operations: region.iam.operations };
      case 'ec2':
        return { protocol: ec2Query, operations: region.ec2.operations };
      case 'airflow':
        return { protocol: restJson, service: region.mwaa };
      case 's3':
        return { protocol: s3Xml, service: region.s3 };
      case 'openmetadata':
        return { protocol: plainJson, service: region.openmetadata };
    }
  }
}

/** The service that a request is for: by its credential scope, or, unsigned, by what the request looks like. */
function serviceOf(raw: RawRequest): ServiceId {
  if (/^\/openmetadata(\/|$)/.test(raw.path)) return 'openmetadata';
  try {
    const scope = readCredential(raw.headers.authorization, raw.query)?.service;
    if (scope !== undefined && isServiceId(scope)) return scope;
  } catch {
    // Answered as an incomplete signature, in the protocol that the rest of the request points to.
  }
  const prefix = raw.headers['x-amz-target']?.split('.')[0];
  for (const id of ['ecs', 'logs', 'secretsmanager'] as const) if (SHAPES[id].target === prefix) return id;
  const form = raw.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  const version = form ? /(?:^|&)Version=([\d-]+)/.exec(raw.body.toString('latin1'))?.[1] : raw.query.get('Version');
  for (const id of ['sts', 'iam', 'ec2'] as const) if (SHAPES[id].version === version) return id;
  if (isWebServerPath(raw.path)) return 'airflow';
  if (/^\/(environments|clitoken|webtoken|restapi)(\/|$)/.test(raw.path)) return 'airflow';
  return 's3';
}
