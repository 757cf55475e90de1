import type { MWAAClientResolvedConfig } from '@aws-sdk/client-mwaa';
import { type EndpointParameterInstructions, getEndpointPlugin } from '@smithy/middleware-endpoint';
import { getSerdePlugin } from '@smithy/middleware-serde';
import { Command } from '@smithy/smithy-client';

/** What every answer of the SDK carries. */
export interface Answer {
  readonly $metadata: { readonly httpStatusCode?: number; readonly requestId?: string; readonly attempts?: number };
}

/** How an operation of MWAA goes over the wire. */
export interface Wire<Input, Output> {
  /** Operation's name as AWS has it. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Part before the endpoint's host: `api.` for environments, `env.` for their Airflow. */
  readonly hostPrefix: string;
  readonly path: (input: Input) => string;
  /** The JSON body; undefined for none. */
  readonly body: (input: Input) => object | undefined;
  /** The output from the answer's JSON, which is untrusted. */
  readonly output: (json: Readonly<Record<string, unknown>>) => Omit<Output, '$metadata'>;
}

/** What the package's own commands give its endpoint rules (its endpoint/EndpointParameters). */
const ENDPOINT_PARAMETERS: EndpointParameterInstructions = {
  UseFIPS: { type: 'builtInParams', name: 'useFipsEndpoint' },
  Endpoint: { type: 'builtInParams', name: 'endpoint' },
  Region: { type: 'builtInParams', name: 'region' },
  UseDualStack: { type: 'builtInParams', name: 'useDualstackEndpoint' },
};

/**
 * A command for `MWAAClient` that its package lacks or knows too little of: @aws-sdk/client-mwaa 3.523.0
 * has no InvokeRestApi and drops members that are newer than itself. Made with the builder of the
 * smithy-client that the package itself depends on, so that the client signs and resolves it as its own.
 * Wire form: botocore mwaa/2020-07-01 (rest-json).
 */
export function restJsonCommand<Input extends object, Output extends Answer>(wire: Wire<Input, Output>) {
  const serialize = async (input: Input, context: SerializeContext) => {
    const { hostname, protocol, port, path } = await context.endpoint();
    const body = wire.body(input);
    return {
      protocol: protocol ?? 'https:',
      hostname: context.disableHostPrefix === true ? hostname : `${wire.hostPrefix}${hostname}`,
      ...(port === undefined ? {} : { port }),
      method: wire.method,
      path: `${path?.replace(/\/$/, '') ?? ''}${wire.path(input)}`,
      query: {},
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
  };
  const deserialize = async (response: WireAnswer, context: DeserializeContext): Promise<Output> => {
    const text = context.utf8Encoder(await context.streamCollector(response.body));
    const $metadata = { httpStatusCode: response.statusCode, ...requestIdOf(response.headers) };
    const json: unknown = text === '' ? {} : JSON.parse(text);
    const members = typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
    if (response.statusCode >= 300) throw serviceError(response.headers, members, $metadata);
    return { ...wire.output(members), $metadata } as Output;
  };
  return Command.classBuilder<Input, Output, MWAAClientResolvedConfig>()
    .ep(ENDPOINT_PARAMETERS)
    .m((command, _stack, config) => [
      getSerdePlugin(config, serialize, deserialize),
      getEndpointPlugin(config, command.getEndpointParameterInstructions()),
    ])
    .s('AmazonMWAA', wire.name, {})
    .n('MWAAClient', `${wire.name}Command`)
    .ser(serialize)
    .de(deserialize)
    .build();
}

interface WireAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface SerializeContext {
  readonly endpoint: () => Promise<{ hostname: string; protocol?: string; port?: number; path?: string }>;
  readonly disableHostPrefix?: boolean;
}

interface DeserializeContext {
  readonly streamCollector: (body: unknown) => Promise<Uint8Array>;
  readonly utf8Encoder: (bytes: Uint8Array) => string;
}

function requestIdOf(headers: Readonly<Record<string, string>>): { requestId?: string } {
  const requestId = headers['x-amzn-requestid'] ?? headers['x-amz-request-id'];
  return requestId === undefined ? {} : { requestId };
}

/** The service's error with every member that it sent, named by its code as the SDK names its own. */
function serviceError(
  headers: Readonly<Record<string, string>>,
  members: Readonly<Record<string, unknown>>,
  $metadata: Answer['$metadata'],
): Error {
  const raw = headers['x-amzn-errortype'] ?? members.code ?? members.__type;
  const code = typeof raw === 'string' ? raw.replace(/[,:].*$/s, '').replace(/^.*#/s, '') : 'UnknownError';
  const message = members.message ?? members.Message;
  return Object.assign(new Error(typeof message === 'string' ? message : ''), members, {
    name: code,
    message: typeof message === 'string' ? message : '',
    $metadata,
    $fault: ($metadata.httpStatusCode ?? 500) >= 500 ? 'server' : 'client',
  });
}
