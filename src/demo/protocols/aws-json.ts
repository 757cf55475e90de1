import { isStructure } from '../members.ts';
import { AwsError, type Input } from '../service.ts';
import type { Protocol, ServiceShape } from './protocol.ts';

const HEADERS = { 'content-type': 'application/x-amz-json-1.1' };

/** AWS JSON 1.1: `X-Amz-Target` names the operation; operations give times as seconds since the epoch themselves. */
export const awsJson: Protocol = {
  read(request, shape) {
    const target = request.headers['x-amz-target'] ?? '';
    const [prefix, operation = ''] = target.split('.');
    if (prefix !== shape.target || operation === '') throw this.unknown(operation, shape);
    return { operation, input: readBody(request.body) };
  },

  unknown: (operation) =>
    new AwsError('UnknownOperationException', operation === '' ? '' : `Unknown operation: ${operation}`),

  answer: (output, _operation, id) => ({
    status: 200,
    headers: { ...HEADERS, 'x-amzn-requestid': id },
    // Operations without output answer an empty body of no JSON at all in some services; `{}` is read by all.
    body: JSON.stringify(output ?? {}),
  }),

  fail: (error, id, shape) => ({
    status: error.status,
    headers: { ...HEADERS, 'x-amzn-requestid': id },
    body: JSON.stringify({ __type: error.code, ...errorMembers(error, shape) }),
  }),
};

/** A JSON error's members: its text under the name that the service's model has for it, and the others. */
export function errorMembers(error: AwsError, shape: ServiceShape): Record<string, unknown> {
  const member = shape.messageMember?.(error.code) ?? 'message';
  return error.message === '' ? { ...error.members } : { [member]: error.message, ...error.members };
}

/** The input of a JSON body; an empty body is an empty input. */
function readBody(body: Buffer): Input {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError('SerializationException', 'The request body is not valid JSON.');
  }
  if (!isStructure(value)) throw new AwsError('SerializationException', 'Unexpected top-level value.');
  return value;
}
