import type { Dispatcher } from './dispatch.ts';
import type { Region } from './region.ts';
import { AwsError } from './service.ts';
import { stateOf } from './state.ts';
import { jsonAnswer, type WireAnswer } from './wire.ts';

interface ControlRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
}

type Handler = (request: ControlRequest, region: Region, dispatcher: Dispatcher) => unknown;

const PATHS: Readonly<Record<string, Handler>> = {
  'GET /_demo': () => Object.keys(PATHS),
  'GET /_demo/clock': (_, region) => ({ now: region.clock.now(), speed: region.speed }),
  'POST /_demo/clock': ({ body }, region) => {
    const speed = (parse(body) as { speed?: unknown } | null)?.speed;
    if (typeof speed !== 'number' || !(speed > 0 && speed < Number.POSITIVE_INFINITY)) {
      throw new AwsError('ValidationException', 'speed has to be a positive number.');
    }
    region.speed = speed;
    return { now: region.clock.now(), speed };
  },
  'GET /_demo/state': (_, region) => stateOf(region),
  'GET /_demo/requests': ({ query }, _, dispatcher) =>
    dispatcher.requests.list({
      service: query.get('service') ?? undefined,
      operation: query.get('operation') ?? undefined,
    }),
  'DELETE /_demo/requests': (_, __, dispatcher) => dispatcher.requests.clear(),
  'GET /_demo/faults': (_, __, dispatcher) => dispatcher.faults.list(),
  'POST /_demo/faults': ({ body }, _, dispatcher) => dispatcher.faults.plan(parse(body)),
  'DELETE /_demo/faults': (_, __, dispatcher) => dispatcher.faults.clear(),
};

/** Answers the paths below `/_demo/` that serve tests and the tour; docs/DEMO.md describes them. */
export function answerControl(region: Region, dispatcher: Dispatcher, request: ControlRequest): WireAnswer {
  const path = request.path.replace(/\/$/, '');
  const handler = PATHS[`${request.method} ${path}`];
  if (handler === undefined) {
    const known = Object.keys(PATHS).some((key) => key.endsWith(` ${path}`));
    return jsonAnswer(known ? 405 : 404, {
      message: `There is no ${request.method} ${request.path}.`,
      paths: Object.keys(PATHS),
    });
  }
  try {
    return jsonAnswer(200, handler(request, region, dispatcher) ?? {});
  } catch (error) {
    if (error instanceof AwsError) return jsonAnswer(error.status, { code: error.code, message: error.message });
    throw error;
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError('SerializationException', 'The body is not valid JSON.');
  }
}
